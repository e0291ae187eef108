"""The documents of the doors do what they print, on a bridge with the sample studio as `make run` starts it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.docs.printed import ROOT, agrees, commands_of, run
from tests.servers.process import free_port

DOCUMENTS = ("kitsu", "command-line", "schedules", "rest")


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A bridge of its own; its environment and its address."""
    folder, port = tmp_path_factory.mktemp("bridge"), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KITSU_", "DATABASE", "CACHE"))}
    env = kept | {
        "DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(port), "SWEEP_EVERY": "1", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while not answers(f"{url}/health/live") and time.monotonic() < until:
        time.sleep(0.2)
    yield env, url
    server.terminate()
    server.wait(timeout=20)


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200  # noqa: S310 - our own server
    except (OSError, urllib.error.URLError):
        return False


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_works(bridge, name, tmp_path):
    env, url = bridge
    found = commands_of(ROOT / "docs" / "doors" / f"{name}.md")
    assert found
    for command, promised in found:
        said = run(command, env, url, tmp_path)
        assert agrees(promised, said), f"$ {command}\n{said}\ninstead of\n{promised}"


def test_what_does_not_agree_is_seen():
    assert agrees("one ...\n", "one two three\n")
    assert agrees("a\n...\nz\n", "a\nb\nc\nz\n")
    assert not agrees("one\n", "two\n")
    assert not agrees("one\n", "one\ntwo\n")
