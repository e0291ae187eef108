"""The handler of links, run as a program as the system runs it; and its installer for Linux, in a home of its own."""

from __future__ import annotations

import configparser
import os
import plistlib
import subprocess
import sys
import time

import pytest

from tests.deploy.kabaret.sessions import KABARET, REDIS, Session, View

SHOT = "/film/shots/sh010"
NOTED = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(os.environ['KITSU_BRIDGE_OID'])"


class Computer:
    def __init__(self, home):
        self.home = home
        self.settings = home / ".config/kitsu-bridge/kabaret.ini"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.env = kept | {"HOME": str(home), "DISPLAY": "", "WAYLAND_DISPLAY": "", "PYTHONPATH": str(KABARET)}

    def allow(self, redis="", cluster="HANDLED"):
        """Settings that name a cluster, and a program that notes what it is started for."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        command = "\n    ".join(["", sys.executable, "-c", NOTED, str(self.home / "started")])
        self.settings.write_text(f"[cluster.{cluster}]\nredis = {redis}\ncommand ={command}\n")

    def run(self, *arguments):
        command = [sys.executable, "-m", "kitsu_bridge_kabaret.handler", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    def started(self):
        """What Kabaret was started for."""
        for _ in range(100):
            if (self.home / "started").exists() and (text := (self.home / "started").read_text()):
                return text
            time.sleep(0.1)
        return None


@pytest.fixture
def computer(tmp_path):
    return Computer(tmp_path)


@pytest.mark.redis
def test_it_works(computer):
    computer.allow(REDIS)
    session = Session(View("/film"))
    with session.listening("HANDLED"):
        assert computer.run(f"kabaret://HANDLED{SHOT}?view=new") == (0, "")
        assert [view.oid for view in session.views] == ["/film", SHOT]
        assert computer.run(f"kabaret://HANDLED{SHOT}") == (0, "")
        assert [view.oid for view in session.views] == [SHOT, SHOT]
        code, said = computer.run("kabaret://HANDLED/film/no")
    assert (code, "There is no /film/no" in said) == (1, True)
    assert not (computer.home / "started").exists()


@pytest.mark.redis
def test_it_starts_kabaret_where_none_runs(computer):
    computer.allow(REDIS)
    assert computer.run("kabaret://HANDLED/film/a%20b") == (0, "")
    assert computer.started() == "/film/a b"


def test_it_starts_kabaret_where_no_redis_is_named(computer):
    computer.allow()
    assert computer.run("kabaret://HANDLED/film/$(id);x") == (0, "")
    assert computer.started() == "/film/$(id);x"


@pytest.mark.parametrize("link", [
    "kabaret://HANDLED/film/..", "kabaret://HANDLED/film/%2e%2e/x", "kabaret://HANDLED", "kabaret://HANDLED/", "kabaret:///film",
    "https://HANDLED/film", "kabaret://HANDLED/film?view=other", "kabaret://HANDLED/film#x", "kabaret://HANDLED/a%00b",
    "kabaret://HANDLED/a%0Ab", "kabaret://HANDLED/%ff", "kabaret://HANDLED/" + "a" * 3000, "kabaret://OTHER/film",
    "kabaret://handled/film", "kabaret://[/film", "", "--help",
])  # fmt: skip
def test_it_refuses_other_links(computer, link):
    computer.allow()
    code, said = computer.run(link)
    assert code == 1
    assert said
    assert "Traceback" not in said
    assert not (computer.home / "started").exists()


def test_it_takes_one_argument_and_says_what_is_missing(computer):
    assert computer.run()[0] == 1
    assert computer.run("kabaret://HANDLED/a", "x")[0] == 1
    assert "do not name the cluster HANDLED" in computer.run("kabaret://HANDLED/a")[1]
    computer.allow("redis://:s3cret@127.0.0.1:1/0")
    code, said = computer.run("kabaret://HANDLED/a")
    assert (code, "cannot be reached" in said, "s3cret" in said) == (1, True, False)


def script(computer, name, *arguments):
    command = ["sh", KABARET / "linux" / name, *arguments]
    return subprocess.run(command, env=computer.env, capture_output=True, text=True, check=True).stdout


def read(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str
    parser.read(path)
    return parser


@pytest.mark.skipif(sys.platform != "linux", reason="installs for Linux")
def test_it_is_installed_and_goes_without_a_trace(computer):
    lists = computer.home / ".config/mimeapps.list"
    lists.parent.mkdir(parents=True)
    before = "[Default Applications]\ntext/html=firefox.desktop\n"
    lists.write_text(before)
    script(computer, "install.sh", "STUDIO", sys.executable)
    script(computer, "install.sh", "OTHER", sys.executable)
    assert read(computer.settings).sections() == ["cluster.STUDIO"]
    entry = read(computer.home / ".local/share/applications/kitsu-bridge-kabaret.desktop")["Desktop Entry"]
    assert entry["Exec"] == f"{sys.executable} -m kitsu_bridge_kabaret.handler %u"
    assert read(lists)["Default Applications"]["x-scheme-handler/kabaret"] == "kitsu-bridge-kabaret.desktop"
    assert read(lists)["Default Applications"]["text/html"] == "firefox.desktop"
    script(computer, "uninstall.sh", "--all")
    assert lists.read_text() == before
    assert not [path for path in computer.home.rglob("*kabaret*") if path.is_file()]


def test_scripts_for_macos_and_windows_can_be_read():
    for path in KABARET.rglob("*.sh"):
        subprocess.run(["sh", "-n", path], check=True)
    more = plistlib.loads((KABARET / "macos/Info.additions.plist").read_bytes())
    assert more["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["kabaret"]
    assert "quoted form of link" in (KABARET / "macos/handler.applescript").read_text()
    assert r'kitsu_bridge_kabaret.handler \"%1\""' in (KABARET / "windows/kabaret.reg").read_text()
