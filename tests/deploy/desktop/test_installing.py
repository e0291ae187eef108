"""The installer for Linux, run for a home of its own, up to a program that a link starts; the others are only read."""

from __future__ import annotations

import configparser
import plistlib
import shutil
import subprocess
import sys
import time

import pytest
from django.db import connections

from actions import tickets
from actions.clients.protocols import ticket as link
from kitsu_bridge.kitsu.people import Person
from tests.deploy.desktop.conftest import DESKTOP, Computer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="installs for Linux")

SCHEME = "x-scheme-handler/kitsu-bridge"


def script(computer, name, *arguments):
    return subprocess.run(
        ["sh", DESKTOP / "linux" / name, *arguments], env=computer.env, capture_output=True, text=True, check=True
    ).stdout


def read(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str
    parser.read(path)
    return parser


def test_it_works(computer):
    said = script(computer, "install.sh", "https://bridge.studio", "http://localhost:8000/b&c|d")
    assert "launcher.ini" in said
    assert read(computer.settings)["bridge"]["servers"] == "https://bridge.studio http://localhost:8000/b&c|d"
    entry = read(computer.home / ".local/share/applications/kitsu-bridge-launcher.desktop")["Desktop Entry"]
    assert entry["MimeType"] == f"{SCHEME};"
    assert entry["Exec"].endswith("/.local/share/kitsu-bridge/kitsu_bridge_launcher.py %u")
    assert (
        read(computer.home / ".config/mimeapps.list")["Default Applications"][SCHEME] == "kitsu-bridge-launcher.desktop"
    )


def test_it_leaves_settings_and_other_programs_alone_and_goes_without_a_trace(computer):
    lists = computer.home / ".config/mimeapps.list"
    lists.parent.mkdir(parents=True)
    before = "[Added Associations]\na/b=c.desktop;\n\n[Default Applications]\ntext/html=firefox.desktop\n"
    lists.write_text(before)
    script(computer, "install.sh", "https://bridge.studio")
    computer.allow("https://kept.studio")
    script(computer, "install.sh", "https://other.studio")
    assert "kept.studio" in computer.settings.read_text()
    found = read(lists)["Default Applications"]
    assert (found["text/html"], found[SCHEME]) == ("firefox.desktop", "kitsu-bridge-launcher.desktop")
    assert lists.read_text().count(SCHEME) == 1
    script(computer, "uninstall.sh")
    assert lists.read_text() == before
    assert computer.settings.exists()
    script(computer, "uninstall.sh", "--all")
    assert not list(computer.home.rglob("*kitsu*"))


OPENERS = {"xdg-open": ("xdg-open",), "gio": ("gio", "open")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opener", OPENERS)
def test_the_desktop_starts_a_program_from_a_link(
    an_action, a_queued_invocation, sample_person, live_server, tmp_path, opener
):
    if shutil.which(OPENERS[opener][0]) is None:
        pytest.skip(f"needs {opener}")
    home = tmp_path / ('a $home "of" 100% `one`' if opener == "gio" else "home")
    computer = Computer(home)
    home.mkdir()
    script(computer, "install.sh", live_server.url)
    with computer.settings.open("a") as settings:
        settings.write(
            f"[application.show]\ncommand =\n    {sys.executable}\n    -c\n    import sys; print(sys.argv[1:])\n"
        )
    invocation = a_queued_invocation(an_action(slug="show"))
    ticket = tickets.make_ticket(invocation, {"application": "show", "arguments": [], "files": {}}, 5)
    url = link.url(live_server.url, tickets.give_link(ticket, Person.from_record(sample_person()), "127.0.0.1"))
    desktop = computer.env | {"DISPLAY": ":99"}  # xdg-open looks only whether there is one.
    done = subprocess.run([*OPENERS[opener], url], env=desktop, capture_output=True, text=True, timeout=60)
    for _ in range(300):
        ticket.refresh_from_db()
        if ticket.ended:
            break
        time.sleep(0.1)
    connections.close_all()
    assert (ticket.state, ticket.log) == ("finished", "[]\n"), (done, computer.log)


def test_scripts_for_macos_and_windows_can_be_read():
    for path in DESKTOP.rglob("*.sh"):
        subprocess.run(["sh", "-n", path], check=True)
    more = plistlib.loads((DESKTOP / "macos/Info.additions.plist").read_bytes())
    assert more["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["kitsu-bridge"]
    said = (DESKTOP / "macos/launcher.applescript").read_text()
    assert "quoted form of link" in said
    registry = (DESKTOP / "windows/kitsu-bridge.reg").read_text()
    assert r'launcher.py\" \"%1\""' in registry
    assert r"[HKEY_LOCAL_MACHINE\Software\Classes\kitsu-bridge\shell\open\command]" in registry


def test_the_settings_of_the_example_can_be_read(launcher, monkeypatch, tmp_path):
    text = (DESKTOP / "launcher.ini.example").read_text().replace("@SERVERS@", "https://a.studio, http://b")
    examples = "\n".join(line[2:] if line.startswith("# ") and line[2:3] in "[ abcdefghijklmnopqrstuvwxyz" else line
                         for line in text.splitlines())  # fmt: skip
    assert "[application.nuke]" in examples
    (tmp_path / "launcher.ini").write_text(text)
    monkeypatch.setattr(launcher, "folders", lambda: (tmp_path / "nothing", tmp_path))
    assert launcher.read_settings().servers == ["https://a.studio", "http://b"]
