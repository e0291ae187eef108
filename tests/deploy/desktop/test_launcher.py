"""The launcher against a bridge that runs, with programs that really start; and all that it must not do."""

from __future__ import annotations

import ast
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connections

from actions import tickets
from actions.clients.protocols import ticket as link
from actions.models import Ticket
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from tests.deploy.desktop.conftest import LAUNCHER

TICKET = "t" * 43

SHOW = "import sys; print(sys.argv[1:])"


@pytest.fixture
def a_ticket(an_action, a_queued_invocation, sample_person, live_server):
    """A ticket of the bridge that runs, and its link: `a_ticket("show", ["-x"], [path])`."""

    def make(application, arguments=(), files=(), by_system=None):
        invocation = a_queued_invocation(an_action(slug=application))
        content = {"application": application, "arguments": list(arguments), "files": by_system or {"": list(files)}}
        ticket = tickets.make_ticket(invocation, content, 5)
        token = tickets.give_link(ticket, Person.from_record(sample_person()), "127.0.0.1")
        return ticket, link.url(live_server.url, token)

    yield make
    connections.close_all()


def show(script=SHOW, more=""):
    return f"command =\n    {sys.executable}\n    -c\n    {script}\n{more}"


@pytest.mark.django_db(transaction=True)
def test_it_works(a_ticket, computer, live_server, tmp_path):
    file = tmp_path / "a shot $(id); 'x' \"y\" é.nk"
    file.touch()
    computer.allow(live_server.url, show=show(more=f"arguments =\n    --shot=*\nfolders =\n    {tmp_path}"))
    ticket, url = a_ticket("show", ["--shot=SH 01; rm -rf /"], [str(file)])
    code, said = computer.run(url)
    assert (code, said) == (0, "")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.exit_code) == ("finished", 0), ticket.reason
    assert ast.literal_eval(ticket.log) == ["--shot=SH 01; rm -rf /", str(file)]
    happened = [event.what for event in ticket.invocation.events.order_by("id")]
    assert happened == [
        Happened.TICKET_GIVEN,
        Happened.TICKET_TAKEN,
        Happened.TICKET_REPORTED,
        Happened.TICKET_REPORTED,
    ]
    code, said = computer.run(url)
    assert code == 1
    assert "This ticket was taken" in said
    assert "Run the action again" in computer.log
    assert url.rpartition("=")[2] not in computer.log


@pytest.mark.django_db(transaction=True)
def test_what_a_program_writes_and_how_it_ends_is_reported(a_ticket, computer, live_server):
    script = "import sys; print('é' * 60000); print('to stderr', file=sys.stderr); sys.exit(3)"
    computer.allow(live_server.url, loud=show(script))
    ticket, url = a_ticket("loud")
    assert computer.run(url)[0] == 0
    ticket.refresh_from_db()
    assert (ticket.state, ticket.exit_code) == ("finished", 3)
    assert ticket.log.count("é") == 60000
    assert ticket.log.endswith("to stderr\n")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("application", "arguments", "files", "words"), [
    ("unknown", [], [], "do not name the program"),
    ("show", ["-c"], [], "do not allow"),
    ("show", ["--shot"], [], "do not allow"),
    ("show", [], ["relative.nk"], "no absolute path"),
    ("show", [], ["/proj/../etc/passwd"], "no absolute path"),
    ("show", [], ["/etc/passwd"], "open nothing at"),
    ("show", [], ["/proj/missing.nk"], "There is nothing at"),
    ("show", [], ["/proj2/a.nk"], "open nothing at"),
    ("gone", [], [], "is not installed"),
    ("empty", [], [], "no command"),
    ("broken", [], [], "cannot be started"),
])  # fmt: skip
def test_it_starts_nothing_that_its_settings_do_not_allow(
    a_ticket, computer, live_server, tmp_path, application, arguments, files, words
):
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    computer.allow(
        live_server.url,
        show=show("open('/dev/null')", "arguments = --shot=*\nfolders = /proj"),
        gone="command = /nowhere/nuke",
        empty="arguments = *",
        broken=f"command = {broken}",
    )
    ticket, url = a_ticket(application, arguments, files)
    code, said = computer.run(url)
    assert code == 1
    assert words in said
    ticket.refresh_from_db()
    assert ticket.state == "failed"
    assert words in ticket.reason


@pytest.mark.django_db(transaction=True)
def test_it_takes_the_files_of_its_own_system(a_ticket, computer, live_server, launcher, tmp_path):
    computer.allow(live_server.url, show=show())
    mine = tmp_path / "mine.nk"
    mine.touch()
    ticket, url = a_ticket("show", by_system={launcher.SYSTEM: [str(mine)], "other": ["/other.nk"]})
    assert computer.run(url)[0] == 0
    ticket.refresh_from_db()
    assert ast.literal_eval(ticket.log) == [str(mine)]
    ticket, url = a_ticket("show2", by_system={"other": ["/other.nk"]})
    computer.allow(live_server.url, show2=show())
    code, said = computer.run(url)
    assert code == 1
    assert "a storage that it has not" in said


@pytest.mark.django_db(transaction=True)
def test_its_settings_say_where_files_go_and_what_the_program_finds(a_ticket, computer, live_server, tmp_path):
    file = tmp_path / "a.%04d.exr"
    script = "import os, sys; print([*sys.argv[1:], os.environ['SHOW']])"
    computer.allow(
        live_server.url,
        show=f"command =\n    {sys.executable}\n    -c\n    {script}\n    {{files}}\n    --\n    {{arguments}}\n"
        "arguments = *\nenvironment =\n    SHOW = fox",
    )
    ticket, url = a_ticket("show", ["-a", "b"], [str(file)])
    assert computer.run(url)[0] == 0
    ticket.refresh_from_db()
    assert ast.literal_eval(ticket.log) == [str(file), "--", "-a", "b", "fox"]


@pytest.mark.parametrize("arguments", [
    (), ("a", "b"), ("rvlink://baked/00",), ("kitsu-bridge://run",), ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost",),
    ("kitsu-bridge://open?server=http%3A%2F%2Flocalhost&ticket=" + TICKET,),
    ("kitsu-bridge://run/x?server=http%3A%2F%2Flocalhost&ticket=" + TICKET,),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&ticket=short",),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&ticket=" + TICKET + "&application=sh",),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&server=http%3A%2F%2Fevil&ticket=" + TICKET,),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&ticket=" + TICKET + "\n",),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&ticket=" + TICKET + "#a",),
    ("kitsu-bridge://run?server=http%3A%2F%2Flocalhost&ticket=" + "t" * 3000,),
    ("--help",),
])  # fmt: skip
def test_it_refuses_any_other_argument(computer, arguments):
    computer.allow("http://localhost")
    code, said = computer.run(*arguments)
    assert code == 1
    assert "Traceback" not in said


class Elsewhere(BaseHTTPRequestHandler):
    """A server that notes who asks, and sends them on."""

    asked: list[str] = []
    answer = (302, {"Location": "/stolen/"}, b"")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        status, headers, body = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, *_):
        """In silence."""


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    Elsewhere.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_asks_no_server_that_its_settings_do_not_name(computer, elsewhere):
    computer.allow("https://bridge.studio http://localhost")
    for server in (
        elsewhere,
        elsewhere + "/bridge",
        f"http://localhost@{elsewhere[7:]}",
        "ftp://localhost",
        "file:///etc",
    ):
        assert computer.run(link.url(server, TICKET))[0] == 1
    assert Elsewhere.asked == []


def test_it_follows_no_redirect(computer, elsewhere):
    computer.allow(elsewhere)
    code, said = computer.run(link.url(elsewhere, TICKET))
    assert code == 1
    assert "answers 302" in said
    assert Elsewhere.asked == ["/tickets/take/"]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"content": 7}', b"\xff", b'{"content": ' + b"[" * 2000, json.dumps(
    {"content": {"application": ["sh"]}, "report": "k"}).encode(), json.dumps(
    {"content": {"application": "show", "arguments": ["a\x00"]}, "report": "k"}).encode(), json.dumps(
    {"content": {"application": "show", "arguments": "-c"}, "report": "k"}).encode(), json.dumps(
    {"content": {"application": "show", "files": ["/a"]}, "report": "k"}).encode()])  # fmt: skip
def test_an_odd_answer_starts_nothing(computer, elsewhere, monkeypatch, body):
    monkeypatch.setattr(Elsewhere, "answer", (200, {}, body))
    computer.allow(elsewhere, show=show(more="arguments = *"))
    code, said = computer.run(link.url(elsewhere, TICKET))
    assert code == 1
    assert "Traceback" not in said
    assert "Started" not in computer.log


def test_without_settings_it_says_where_they_belong(computer):
    code, said = computer.run(link.url("http://localhost", TICKET))
    assert code == 1
    assert str(computer.settings) in said


def test_settings_that_cannot_be_read_are_named(computer):
    computer.allow("http://localhost")
    computer.settings.write_text("servers = a\n")
    code, said = computer.run(link.url("http://localhost", TICKET))
    assert code == 1
    assert "cannot be read" in said


def test_a_bridge_that_is_down_is_said(computer):
    computer.allow("http://127.0.0.1:9")
    code, said = computer.run(link.url("http://127.0.0.1:9", TICKET))
    assert code == 1
    assert "cannot be reached" in said


@pytest.mark.django_db(transaction=True)
def test_the_program_goes_on_when_the_bridge_hears_nothing_more(a_ticket, computer, live_server, tmp_path):
    begun, deaf, done = (tmp_path / name for name in ("begun", "deaf", "done"))
    wait = f"[time.sleep(0.05) for _ in iter(lambda: os.path.exists({str(deaf)!r}), True)]"
    script = f"import os, time; open({str(begun)!r}, 'w'); {wait}; print(1); open({str(done)!r}, 'w')"
    computer.allow(live_server.url, show=show(script))
    ticket, url = a_ticket("show")
    Ticket.objects.filter(pk=ticket.pk).update(content={"application": "show", "arguments": [], "files": {}})

    def hears_nothing_more():
        while not begun.exists():
            time.sleep(0.05)
        Ticket.objects.filter(pk=ticket.pk).update(report_hash=None)
        connections.close_all()
        deaf.touch()

    threading.Thread(target=hears_nothing_more, daemon=True).start()
    assert computer.run(url)[0] == 0
    assert done.exists()
    assert "was not reported" in computer.log


def test_it_needs_nothing_but_python_3_8():
    tree = ast.parse(LAUNCHER.read_text(), feature_version=(3, 8))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.keyword) and node.arg == "shell" for node in ast.walk(tree))


def test_a_batch_file_is_refused_on_windows(launcher, monkeypatch, tmp_path):
    monkeypatch.setattr(launcher, "SYSTEM", "windows")
    batch = tmp_path / "nuke.bat"
    batch.touch(mode=0o755)
    with pytest.raises(launcher.Trouble, match="runs in a shell"):
        launcher.filled(launcher.Application([str(batch)], [], [], {}), "nuke", [], [])


@pytest.mark.parametrize(("server", "same"), [
    ("https://Bridge.Studio/", "https://bridge.studio"), ("http://localhost:8000/bridge/", "http://localhost:8000/bridge"),
    ("http://[::1]:8000", "http://[::1]:8000"),
])  # fmt: skip
def test_a_server_has_one_spelling(launcher, server, same):
    assert launcher.normal(server) == same
