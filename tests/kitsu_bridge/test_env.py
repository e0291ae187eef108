"""Settings from the environment: what is read, and the sentence for what cannot be."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kitsu_bridge import env
from kitsu_bridge.env import WrongSetting

ROOT = Path(__file__).resolve().parent.parent.parent


def test_it_works(monkeypatch):
    monkeypatch.setenv("TRACKER_URL", " https://kitsu.studio/ ")
    assert env.url("KITSU_URL", {"https"}, "TRACKER_URL") == "https://kitsu.studio"


def test_it_prefers_the_name_to_its_aliases(monkeypatch):
    monkeypatch.setenv("KITSU_LOGIN", "a")
    monkeypatch.setenv("TRACKER_LOGIN", "b")
    assert env.secret("KITSU_LOGIN", "TRACKER_LOGIN") == "a"


def test_it_reads_a_secret_from_its_file(monkeypatch, tmp_path):
    (tmp_path / "token").write_text("abc\n")
    monkeypatch.setenv("KITSU_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert env.secret("KITSU_BOT_TOKEN") == "abc"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_it_refuses_a_file_that_holds_no_secret(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    monkeypatch.setenv("KITSU_BOT_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(WrongSetting, match="KITSU_BOT_TOKEN_FILE names"):
        env.secret("KITSU_BOT_TOKEN")


WRONG = [
    ("DEBUG", "yes"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("PORT", "²"),
    ("BRIDGE_URL", "kitsu.studio"),
    ("BRIDGE_URL", "https://kitsu.studio/?a=b"),
    ("BRIDGE_URL", "https://[::1"),
    ("KITSU_URL", "https://kitsu.studio:99999"),
    ("KITSU_URL", "ftp://kitsu.studio"),
    ("KITSU_ORIGINS", "*"),
    ("KITSU_ORIGINS", "https://kitsu.studio/path"),
    ("KITSU_ORIGINS", "https://[::1"),
    ("KITSU_ORIGINS", "https://a:99999"),
    ("CALL_URL_PRIVATE", "tracker.lan, https://x"),
    ("CALL_URL_PRIVATE", "10.0.0.0/99"),
    ("CALL_URL_PRIVATE", "*"),
    ("METRICS_FROM", "prometheus.lan"),
    ("METRICS_FROM", "10.0.0.0/33"),
    ("METRICS_TOKEN", "too-short"),
    ("EMAIL_URL", "http://u:sesame@mail.studio"),
    ("EMAIL_URL", "smtp://u:sesame@mail.studio:99999"),
    ("EMAIL_FROM", "bridge@studio.example"),
    ("COMMAND_PROGRAMS", "make-dailies"),
    ("COMMAND_FOLDERS", "/srv/shows/../.."),
    ("RATE_PER_PERSON", "many"),
    ("RATE_PER_PERSON", "60/day"),
    ("LOG_FORMAT", "xml"),
    ("TIME_ZONE", "Middle-earth/Shire"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("SECRET_KEY", "short"),
    ("DATABASE_URL", "mysql://u:sesame@h/n"),
    ("DATABASE_URL", "sesame"),
    ("CACHE_URL", "memcached://:sesame@h"),
    ("CELERY_BROKER_URL", "http://u:sesame@h"),
    ("DATA_DIR", "/proc/bridge"),
    ("OPEN_URL_HOSTS", "https://tracker.lan/path"),
    ("OPEN_URL_HOSTS", "tracker.lan,*"),
    ("OPEN_URL_HOSTS", "me@tracker.lan"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path, name, value):
    said = start(tmp_path, **{name: value})
    assert said.returncode == 1
    assert said.stderr.startswith(f"Kitsu Bridge cannot start. {name} ")
    assert "Traceback" not in said.stderr
    assert "sesame" not in said.stderr


def test_a_kitsu_without_an_account_stops_the_start(tmp_path):
    said = start(tmp_path, KITSU_URL="https://kitsu.studio")
    assert said.returncode == 1
    assert "KITSU_BOT_TOKEN" in said.stderr


def test_empty_lists_are_their_defaults(tmp_path):
    assert start(tmp_path, QUEUES=",", KITSU_ORIGINS=" ,").returncode == 0


def test_hosts_may_have_a_scheme_a_port_or_a_star(tmp_path):
    assert start(tmp_path, OPEN_URL_HOSTS="a.lan, http://b.lan:80,*.c.com,[::1]:8080").returncode == 0


def start(folder, **variables):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "check"]
    values = kept | {"DATA_DIR": str(folder)} | variables
    return subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("host", "name"), [("192.0.2.7", "192.0.2.7"), ("::1", "[::1]"), ("[2001:db8::1]", "[2001:db8::1]"), ("b", "b")]
)
def test_it_knows_the_names_of_what_it_binds(host, name):
    assert env.names_of(host) == [name]
    assert env.names_of("0.0.0.0") == env.names_of("::") == [socket.gethostname().lower()]  # noqa: S104
