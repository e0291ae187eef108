"""The bridge as a studio runs it: web, worker and sweeper as processes of their own, and what happens when one is away."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from urllib.parse import urlencode

import psycopg
import pytest

from tests.servers.process import free_port

KEY = "k" * 40


@pytest.fixture
def database():
    """A PostgreSQL database of its own, as DATABASE_URL."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"processes_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def manage(tmp_path):
    """Starts `manage.py` commands with settings; all are stopped at the end."""
    running = []

    def start(*command, **variables):
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("KITSU_", "DATABASE", "CACHE"))
        }
        env = kept | {"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY, "LOG_LEVEL": "WARNING"} | variables
        log = tmp_path / f"{command[0]}-{len(running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *command], env=env, stdout=output, stderr=output, start_new_session=True
            )
        process.log = log
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in running:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def read(url, **how):
    with urllib.request.urlopen(urllib.request.Request(url, **how), timeout=20) as answer:  # noqa: S310
        return answer.geturl(), answer.read().decode()


def until_served(url, process):
    for _ in range(300):
        try:
            return read(url)
        except OSError:
            assert process.poll() is None, process.log.read_text()
            time.sleep(0.1)
    raise AssertionError(process.log.read_text())


SIGN_IN = """
import django

django.setup()
from kitsu_bridge.kitsu.studio import studio

bot = studio().bot()
print(studio().log_in("ada@sample.studio", "any"), bot.project_tasks(bot.projects()[0]["id"])[0]["id"])
"""


def signed_in():
    """A session of the sample studio, good in every process with the same key; and the id of a task."""
    env = os.environ | {"SECRET_KEY": KEY, "DJANGO_SETTINGS_MODULE": "kitsu_bridge.settings", "DATABASE_URL": ""}
    done = subprocess.run([sys.executable, "-c", SIGN_IN], env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()


def state(page):
    return re.search(r'class="pill (\w+)"', page).group(1)


@pytest.mark.postgres
@pytest.mark.redis
def test_a_dead_broker_loses_nothing(database, manage):
    token, task_id = signed_in()
    redis = os.environ["TEST_REDIS_URL"]
    port = str(free_port())
    stack = {"DATABASE_URL": database, "CACHE_URL": f"{redis}/5", "SWEEP_EVERY": "1"}
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    web = manage("serve", PORT=port, CELERY_BROKER_URL=nowhere, **stack)
    base = f"http://localhost:{port}"
    until_served(f"{base}/", web)
    headers = {"Cookie": f"access_token_cookie={token}", "Origin": base, "Accept": "text/html"}
    url, page = read(f"{base}/run/debug/", data=urlencode({"selection": task_id}).encode(), headers=headers)
    assert state(page) == "queued"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE audit_invocation SET next_at = now()")
    manage("work", CELERY_BROKER_URL=f"{redis}/6", **stack)
    manage("sweep", CELERY_BROKER_URL=f"{redis}/6", **stack)
    for _ in range(300):
        _, page = read(url, headers=headers)
        if state(page) == "succeeded":
            break
        time.sleep(0.2)
    assert state(page) == "succeeded", page
    assert "Ada Okafor" in page


@pytest.mark.parametrize("trust", ["true", "false"])
def test_headers_of_strangers_do_not_say_where_it_stands(manage, trust):
    port = str(free_port())
    base = f"http://localhost:{port}"
    until_served(f"{base}/", manage("serve", PORT=port, TRUST_PROXY=trust))
    forged = {"SCRIPT_NAME": "//stranger.example", "PATH_INFO": "/nowhere/", "X-Forwarded-Host": "stranger.example"}
    url, page = read(f"{base}/log/", headers={"Accept": "text/html", **forged})
    assert url.startswith(f"{base}/sign-in/")
    assert "stranger" not in page


def test_a_proxy_that_is_not_trusted_says_nothing_of_https(manage):
    port = str(free_port())
    url = f"http://localhost:{port}/run/debug/"
    until_served(f"http://localhost:{port}/", manage("serve", PORT=port))
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(url, data=b"", headers={"Accept": "application/json", "X-Forwarded-Proto": "https"})
    assert '"instance": "http://localhost' in refused.value.read().decode()


def test_a_port_in_use_gets_a_sentence(manage):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = manage("serve", PORT=str(taken.getsockname()[1]))
        assert process.wait(timeout=60) != 0
    said = process.log.read_text()
    assert "Choose another" in said
    assert "Traceback" not in said


def test_ctrl_c_stops_it_cleanly(manage):
    port = str(free_port())
    process = manage("serve", PORT=port)
    until_served(f"http://localhost:{port}/", process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    said = process.log.read_text()
    assert "Traceback" not in said
    assert "SIGKILL" not in said


@pytest.mark.parametrize(
    ("variables", "name"),
    [({"PORT": "x"}, "PORT"), ({"KITSU_URL": "kitsu"}, "KITSU_URL"), ({"KITSU_URL": "http://kitsu"}, "KITSU_BOT_TOKEN"),
     ({"SECRET_KEY": "short"}, "SECRET_KEY"), ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
     ({"DATABASE_URL": "postgres://x@127.0.0.1:1/y"}, "database")],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_its_name(manage, variables, name):
    process = manage("serve", **({"PORT": str(free_port())} | variables))
    assert process.wait(timeout=60) != 0
    said = process.log.read_text()
    assert name in said
    assert "Traceback" not in said
