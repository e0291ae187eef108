"""What becomes of a Kitsu that is down, slow, busy, broken or none: a real server that misbehaves, and the words for it."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kitsu_bridge.kitsu import errors, transport
from kitsu_bridge.kitsu.client import ZouStudio
from tests.servers.process import free_port

JSON, HTML = "application/json", "text/html"
ZOU = (200, JSON, json.dumps({"api": "Zou", "version": "1.0.97"}))


class Misbehaving(ThreadingHTTPServer):
    """Answers as it is told: path -> (status, content type, body), or a list of such, one after the other."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {"/": ZOU}
        self.asked, self.seconds = [], 0.0

    def handle_error(self, *_):
        """A client that did not wait for the end."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append((self.command, self.path))
        answer = server.answers.get(self.path, (404, JSON, "{}"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if self.path != "/":
            time.sleep(server.seconds)
        status, kind, body = answer
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        self.send_header("Location" if 300 <= status < 400 else "Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of http.server

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def server():
    with Misbehaving() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asking(server, answer, timeout=5.0):
    """The bot asks for statuses and is answered so."""
    server.answers["/data/departments"] = answer
    return ZouStudio(server.url, bot_token="t", timeout=timeout).bot().departments()


def test_it_works(server):
    assert asking(server, (200, JSON, '[{"id": "1"}]')) == [{"id": "1"}]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, JSON, '{"message": "no"}'), errors.KitsuRefuses),
        ((401, JSON, "{}"), errors.TokenRejected),
        ((422, JSON, '{"msg": "Not enough segments"}'), errors.TokenRejected),
        ((403, JSON, "{}"), errors.KitsuForbids),
        ((404, JSON, "{}"), errors.NotInKitsu),
        ((429, HTML, "slow down"), errors.KitsuBusy),
        ((502, HTML, "<h1>Bad gateway</h1>"), errors.KitsuBusy),
        ((503, JSON, "{}"), errors.KitsuBusy),
        ((504, HTML, ""), errors.KitsuBusy),
        ((500, HTML, "<h1>Oops</h1>"), errors.KitsuBroken),
        ((500, JSON, '{"message": "x"}'), errors.KitsuBroken),
        ((200, HTML, "<!doctype html><title>Sign in</title>"), errors.NotKitsu),
        ((200, JSON, '[{"id": '), errors.NotKitsu),
        ((302, "https://sso.studio.test/login?next=secret", ""), errors.NotKitsu),
    ],
)
def test_it_names_each_failure(server, answer, error):
    with pytest.raises(errors.KitsuError) as caught:
        asking(server, answer)
    assert type(caught.value) is error


def test_it_says_what_came_instead_of_json(server):
    with pytest.raises(errors.NotKitsu, match="200 with text/html: '<!doctype html>"):
        asking(server, (200, HTML, "<!doctype html><title>Sign in</title>"))


def test_it_refuses_an_answer_without_end(server, monkeypatch):
    monkeypatch.setattr(transport, "LARGEST", 1000)
    with pytest.raises(errors.NotKitsu, match="larger than 1,000 bytes"):
        asking(server, (200, JSON, json.dumps(["x" * 2000])))


def test_it_does_not_wait_for_a_slow_kitsu(server):
    server.seconds = 2.0
    with pytest.raises(errors.KitsuSlow):
        asking(server, (200, JSON, "[]"), timeout=0.2)


def test_it_says_when_nobody_listens():
    with pytest.raises(errors.KitsuUnreachable):
        ZouStudio(f"http://127.0.0.1:{free_port()}", bot_token="t").version()


def test_it_reads_again_when_kitsu_was_busy(server):
    assert asking(server, [(503, HTML, "x"), (200, JSON, "[]")]) == []


def test_it_writes_only_once(server):
    server.answers["/data/custom-actions"] = (503, HTML, "busy")
    with pytest.raises(errors.KitsuBusy):
        ZouStudio(server.url, bot_token="t").bot().create_custom_action({"name": "x"})
    assert server.asked.count(("POST", "/data/custom-actions")) == 1


@pytest.mark.parametrize(("given", "where"), [("", "/api/"), ("/api", "/"), ("/api/", "/api/")])
def test_it_finds_the_api_with_and_without_its_prefix(server, given, where):
    server.answers = {where: ZOU}
    assert ZouStudio(f"{server.url}{given}", bot_token="t").version() == "1.0.97"


def test_it_says_which_addresses_are_not_kitsu(server):
    server.answers = {"/": (200, HTML, "<h1>Kitsu</h1>"), "/api/": (200, JSON, '{"api": "Other"}')}
    with pytest.raises(errors.NotKitsu, match=f"Neither {server.url}/api nor {server.url} answers"):
        ZouStudio(server.url, bot_token="t").bot().departments()
