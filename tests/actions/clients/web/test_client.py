"""Against real servers on this machine: slow, garbage, redirecting, huge, and with a DNS that changes its mind."""

from __future__ import annotations

import datetime as dt
import threading
import time
from email.utils import format_datetime

import pytest

from actions.clients.web import Request, Web, WebTrouble, client, exchange, pause
from actions.clients.web.trouble import BrokenOff, NotAllowed, NotReached
from tests.actions.certificates import authority
from tests.actions.outside import a_service, raw_server

__all__ = ["authority"]

HERE = Web(["127.0.0.1"])


def get(url, **more):
    return HERE.send(Request("GET", url), **more)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pause, "FIRST", 0.02)


def test_it_works():
    with a_service((201, {"X-Answer": "yes"}, b'{"ok": true}')) as service:
        answer = HERE.send(Request("POST", f"{service.url}/hook?a=1", {"Content-Type": "application/json"}, b"{}"))
    assert (answer.status, answer.text, answer.tries, answer.cut) == (201, '{"ok": true}', 1, False)
    assert answer.headers["X-Answer"] == "yes"
    (got,) = service.got
    assert (got.method, got.path, got.body) == ("POST", "/hook?a=1", b"{}")
    assert got.headers["host"] == f"127.0.0.1:{service.port}"
    assert got.headers["accept-encoding"] == "identity"


def test_it_sends_nothing_to_what_is_not_opened():
    with a_service() as service:
        for web in (Web(), Web(["10.0.0.0/8"])):
            with pytest.raises(NotAllowed):
                web.send(Request("POST", service.url), repeat_on=client.BUSY)
            with pytest.raises(NotAllowed):
                web.send(Request("POST", service.url.replace("127.0.0.1", "localhost")))
            with pytest.raises(NotAllowed):
                web.send(Request("POST", service.url.replace("127.0.0.1", "[::ffff:127.0.0.1]")))
    assert not service.got


def test_it_connects_to_the_address_that_was_checked():
    """The name is asked once for a try; the other address it would give the next time is never connected to."""
    with a_service(host="127.0.0.1") as good, a_service(host="::1", port=good.port) as evil:
        answers = [["127.0.0.1"], ["::1"]]
        asked = []

        def resolve(host, port):
            asked.append((host, port))
            return answers[min(len(asked), 2) - 1]

        web = Web(["127.0.0.0/8"], resolve=resolve)
        assert web.send(Request("GET", f"http://name.example:{good.port}/")).status == 200
        assert asked == [("name.example", good.port)]
        assert good.got[0].headers["host"] == f"name.example:{good.port}"
        with pytest.raises(NotAllowed):
            web.send(Request("GET", f"http://name.example:{good.port}/"))
    assert not evil.got


def test_a_name_that_changes_between_tries_is_checked_again():
    with a_service((503, {}, b""), host="127.0.0.1") as good, a_service(host="::1", port=good.port) as evil:
        answers = iter([["127.0.0.1"], ["::1"]])
        web = Web(["127.0.0.0/8"], resolve=lambda host, port: next(answers))
        with pytest.raises(NotAllowed):
            web.send(Request("GET", f"http://name.example:{good.port}/"), repeat_on=client.BUSY)
    assert (len(good.got), len(evil.got)) == (1, 0)


def test_of_several_addresses_it_takes_those_that_are_open_and_answer():
    with a_service() as service:
        web = Web(["127.0.0.0/8", "::1"], resolve=lambda host, port: ["10.0.0.1", "::1", "127.0.0.1"])
        assert web.send(Request("GET", f"http://name.example:{service.port}/")).status == 200


def test_over_tls_the_certificate_is_of_the_name_and_not_of_the_address(authority):
    tls = authority("tracker.studio")
    with a_service(tls=tls) as service:
        web = Web(["127.0.0.1"], resolve=lambda host, port: ["127.0.0.1"])
        assert web.send(Request("GET", f"https://tracker.studio:{service.port}/")).status == 200
        assert tls.asked_for == ["tracker.studio"]
        assert service.got[0].headers["host"] == f"tracker.studio:{service.port}"
        for host in ("other.studio", "127.0.0.1"):
            with pytest.raises(WebTrouble, match="certificate is not accepted"):
                web.send(Request("GET", f"https://{host}:{service.port}/"), repeat_on=client.BUSY)
    assert len(service.got) == 1


def test_over_tls_an_address_may_have_its_own_certificate(authority):
    with a_service(tls=authority("127.0.0.1")) as service:
        assert get(service.url).status == 200


def test_a_certificate_of_nobody_is_refused(authority, monkeypatch):
    tls = authority("127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE")
    with a_service(tls=tls) as service, pytest.raises(WebTrouble, match="certificate is not accepted"):
        get(service.url)
    assert not service.got


def test_it_follows_within_a_server():
    def answers(got):
        return (307, {"Location": "/there"}, b"") if got.path == "/" else (200, {}, got.body)

    with a_service(answers) as service:
        answer = HERE.send(Request("POST", f"{service.url}/", {}, b"content"))
    assert (answer.text, [got.method for got in service.got]) == ("content", ["POST", "POST"])


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/", "https://127.0.0.1:{port}/", "//localhost:{port}/",
                                    "http://[::1]:{port}/", "file:///etc/passwd", "http://user@127.0.0.1:{port}/"])  # fmt: skip
def test_it_refuses_to_be_sent_to_another_server(target):
    with (
        a_service(lambda got: (302, {"Location": target.format(port=service.port)}, b"")) as service,
        pytest.raises(WebTrouble),
    ):
        get(service.url)
    assert len(service.got) == 1


def test_it_refuses_a_redirect_that_loses_the_content():
    with a_service((302, {"Location": "/there"}, b"")) as service, pytest.raises(WebTrouble, match="loses the content"):
        HERE.send(Request("POST", service.url, {}, b"x"))
    with a_service((301, {"Location": "/on"}, b"")) as service, pytest.raises(WebTrouble, match="on and on"):
        get(service.url)
    assert len(service.got) == client.REDIRECTS + 1


@pytest.mark.parametrize("status", sorted(client.BUSY))
def test_it_tries_again_where_that_is_safe(status):
    with a_service((status, {}, b"busy"), (status, {}, b"busy"), (200, {}, b"ok")) as service:
        made = []

        def fresh(body):
            made.append(1)
            return {"X-Try": str(len(made))}

        answer = HERE.send(Request("POST", service.url, {}, b"x", fresh), repeat_on=client.BUSY)
    assert (answer.status, answer.tries) == (200, 3)
    assert [got.headers["x-try"] for got in service.got] == ["1", "2", "3"]


@pytest.mark.parametrize(("status", "repeat_on"), [(503, ()), (500, client.BUSY), (404, client.BUSY)])
def test_it_tries_once_where_a_second_time_is_not_safe_or_vain(status, repeat_on):
    with a_service((status, {}, b"no")) as service:
        answer = HERE.send(Request("POST", service.url), repeat_on=repeat_on)
    assert (answer.status, answer.tries, len(service.got)) == (status, 1, 1)


def test_it_gives_up_after_some_tries():
    with a_service((503, {}, b"busy")) as service:
        answer = HERE.send(Request("POST", service.url), repeat_on=client.BUSY)
    assert (answer.status, len(service.got)) == (503, client.TRIES)


def test_a_connection_that_was_never_made_is_tried_again_always(monkeypatch):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    with raw_server(lambda connection, over: None) as url:
        pass
    with pytest.raises(NotReached, match=r"name\.example cannot be reached: connection refused"):
        Web(["127.0.0.1"], resolve=resolve).send(Request("POST", url.replace("127.0.0.1", "name.example")))
    assert len(asked) == client.TRIES


@pytest.mark.parametrize(("after_break", "tries"), [(False, 1), (True, client.TRIES)])
def test_a_connection_that_broke_is_tried_again_only_where_that_is_safe(after_break, tries):
    came = []

    def hang_up(connection, over):
        came.append(connection.recv(100))

    with raw_server(hang_up) as url, pytest.raises(BrokenOff):
        HERE.send(Request("POST", url, {}, b"x"), repeat_on=client.BUSY, after_break=after_break)
    assert len(came) == tries


def test_retry_after_is_obeyed_within_what_is_left():
    """A service that means it: whoever comes before the second is over is sent away, and all tries would be used up."""
    opens = []

    def busy(got):
        opens.append(time.monotonic() + 0.9)
        return (200, {}, b"ok") if time.monotonic() > opens[0] else (429, {"Retry-After": "1"}, b"")

    with a_service(busy) as service:
        answer = get(service.url, repeat_on=client.BUSY)
    assert (answer.status, answer.tries) == (200, 2)
    with a_service((429, {"Retry-After": "30"}, b"later"), (200, {}, b"ok")) as service:
        answer = get(service.url, repeat_on=client.BUSY, seconds_left=5)
    assert (answer.status, answer.tries) == (429, 1)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7", 7, 7),
        ("-7", 0, 1),
        ("soon", 0, 1),
        ("", 0, 1),
        ("9" * 50, 0, 1),
        (f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", 0, 1),
        (f"Mon, 01 Jan 2027 00:00:00 +{'9' * 20}", 0, 1),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 1),
        ("in an hour", 3000, 3601),
    ],
)
def test_retry_after_is_a_number_or_a_date(asked, least, most):
    if asked == "in an hour":
        asked = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), usegmt=True)
    assert least <= pause.pause_before(1, {"retry-after": asked}) <= most


def test_a_huge_answer_is_cut():
    with a_service((200, {}, b"x" * (exchange.LARGEST * 3))) as service:
        answer = get(service.url)
    assert (len(answer.body), answer.cut) == (exchange.LARGEST, True)


def test_an_endless_answer_is_cut():
    def endless(connection, over):
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not over.is_set():
            connection.sendall(b"1000\r\n" + b"y" * 0x1000 + b"\r\n")

    with raw_server(endless) as url:
        answer = get(url)
    assert (len(answer.body), answer.cut) == (exchange.LARGEST, True)


def test_a_packed_answer_is_not_unpacked():
    with a_service((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b not unpacked")) as service:
        assert get(service.url).body == b"\x1f\x8b not unpacked"


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x01\x02" * 100,
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 " + b"a" * 100_000,
        b"",
    ],
    ids=["another protocol", "bytes", "no status", "short", "no chunk", "many headers", "long line", "nothing"],
)
def test_garbage_is_no_answer(garbage):
    def talk(connection, over):
        connection.recv(1000)
        connection.sendall(garbage)

    with raw_server(talk) as url, pytest.raises(BrokenOff, match=r"^127\.0\.0\.1 did not answer: [^{}<>]*\.$"):
        get(url)


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_ends_at_the_time_limit(beginning):
    ended = threading.Event()

    def drip(connection, over):
        connection.recv(1000)
        try:
            connection.sendall(beginning)
            while not over.wait(0.02):
                connection.sendall(b"a")
        finally:
            ended.set()

    with raw_server(drip) as url:
        with pytest.raises(BrokenOff, match="in time"):
            get(url, seconds_left=0.5)
        assert ended.wait(5), "the connection was left open"


def test_silence_ends_at_the_time_limit(monkeypatch):
    monkeypatch.setattr(exchange, "READ", 0.2)
    with raw_server(lambda connection, over: over.wait(10)) as url, pytest.raises(BrokenOff, match="it took too long"):
        get(url)


class Stopped(BaseException):
    pass


def test_it_stops_when_cancelled():
    asked = threading.Event()

    def silent(connection, over):
        connection.recv(1000)
        asked.set()
        over.wait(10)

    def stop():
        if asked.is_set():
            raise Stopped

    with raw_server(silent) as url, pytest.raises(Stopped):
        get(url, stop=stop)


def test_it_stops_in_a_pause_when_cancelled():
    def stop():
        if service.got:
            raise Stopped

    with a_service((429, {"Retry-After": "50"}, b"")) as service, pytest.raises(Stopped):
        get(service.url, repeat_on=client.BUSY, seconds_left=100, stop=stop)


def test_a_name_server_that_hangs_does_not_hold_it():
    over = threading.Event()

    def resolve(host, port):
        over.wait(10)
        return ["127.0.0.1"]

    with pytest.raises(NotReached):
        Web(resolve=resolve).send(Request("GET", "https://name.example/"), seconds_left=0.3)
    over.set()


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with a_service() as service, a_service() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get(service.url).status == 200
    assert (len(service.got), len(proxy.got)) == (1, 0)
