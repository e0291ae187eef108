"""What becomes of a Kitsu that is down, slow, busy, broken or none: a real server that misbehaves, and the words for it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kitsu_bridge.kitsu import errors, transport
from kitsu_bridge.kitsu.client import ZouStudio, session
from tests.servers.process import free_port

JSON, HTML = "application/json", "text/html"
HANG_UP = "closes the connection without an answer"
ZOU = (200, JSON, json.dumps({"api": "Zou", "version": "1.0.97"}))


class Misbehaving(ThreadingHTTPServer):
    """Answers as it is told: path -> (status, content type, body), a list of such, one after the other, or a function of
    what came; a fourth item promises another length than the body has."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {"/": ZOU}
        self.asked, self.seconds, self.got = [], 0.0, b""

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
        server.got = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if callable(answer):
            answer = answer(server.got)
        if answer is HANG_UP:
            self.close_connection = True
            return
        status, kind, body, *promised = answer
        content = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Location" if 300 <= status < 400 else "Content-Type", kind)
        self.send_header("Content-Length", str(*promised or [len(content)]))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = bool(promised)

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


def writing(server, answer, timeout=5.0):
    """Somebody changes a task, and Kitsu answers so."""
    server.answers[f"/data/tasks/{TASK}"] = answer
    return ZouStudio(server.url, bot_token="t", timeout=timeout).bot().update_task(TASK, {"priority": 1})


TASK = str(uuid.uuid4())


@pytest.mark.parametrize(
    ("answer", "error", "maybe"),
    [
        (HANG_UP, errors.KitsuUnreachable, True),
        ((500, JSON, "{}"), errors.KitsuBroken, True),
        ((500, HTML, "<h1>Oops</h1>"), errors.KitsuBroken, True),
        ((502, HTML, ""), errors.KitsuBusy, True),
        ((504, HTML, ""), errors.KitsuBusy, True),
        ((503, HTML, ""), errors.KitsuBusy, False),
        ((429, HTML, ""), errors.KitsuBusy, False),
        ((200, JSON, '{"id": "1"', 1000), errors.KitsuUnreachable, True),
    ],
)
def test_it_says_when_something_may_be_written_all_the_same(server, answer, error, maybe):
    with pytest.raises(errors.KitsuUnavailable) as caught:
        writing(server, answer)
    assert type(caught.value) is error
    assert caught.value.may_be_written is maybe
    assert ("may have been written" in str(caught.value)) is maybe
    assert server.asked.count(("PUT", f"/data/tasks/{TASK}")) == 1


def test_it_says_so_when_a_change_took_too_long(server, monkeypatch):
    monkeypatch.setattr(session, "WRITE", 0.2)
    server.seconds = 1.5
    with pytest.raises(errors.KitsuSlow, match="may have been written") as caught:
        writing(server, (200, JSON, "{}"), timeout=0.2)
    assert caught.value.may_be_written
    assert server.asked.count(("PUT", f"/data/tasks/{TASK}")) == 1


def test_it_waits_longer_for_a_change_than_for_a_page(server):
    server.seconds = 0.8
    assert writing(server, (200, JSON, '{"id": "1"}'), timeout=0.2) == {"id": "1"}


def test_it_knows_that_nothing_was_written_where_nobody_listened():
    bot = ZouStudio(f"http://127.0.0.1:{free_port()}", bot_token="t").bot()
    bot._transport._root = bot._transport.url
    with pytest.raises(errors.KitsuUnreachable) as caught:
        bot.update_task(TASK, {})
    assert not caught.value.may_be_written


def test_it_sends_a_file_as_it_is_and_reads_one_back(server, tmp_path):
    film = tmp_path / 'shot "1"\r\nX-Evil: 1.mov'
    film.write_bytes(bytes(range(256)) * 8000)
    server.answers |= {
        f"/pictures/preview-files/{TASK}": (201, JSON, '{"id": "p"}'),
        f"/pictures/originals/preview-files/{TASK}/download": (200, "video/mp4", film.read_bytes()),
    }
    bot = ZouStudio(server.url, bot_token="t").bot()
    assert bot.upload_preview(TASK, film) == {"id": "p"}
    head, _, rest = server.got.partition(b"\r\n\r\n")
    assert b'filename="shot %221%22%0D%0AX-Evil: 1.mov"' in head
    assert rest.startswith(film.read_bytes())
    assert b"".join(bot.preview_content({"id": TASK}, 10**7)) == film.read_bytes()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, "video/mp4", b"x" * 1001), errors.TooLarge),
        ((202, JSON, '{"status": "processing"}'), errors.NotInKitsu),
        ((404, JSON, "{}"), errors.NotInKitsu),
        ((403, JSON, "{}"), errors.KitsuForbids),
        ((503, HTML, ""), errors.KitsuBusy),
        ((200, "video/mp4", b"x" * 10, 900), errors.KitsuUnreachable),
    ],
)
def test_it_says_why_there_is_no_file(server, answer, error):
    server.answers[f"/pictures/originals/preview-files/{TASK}/download"] = answer
    with pytest.raises(error):
        b"".join(ZouStudio(server.url, bot_token="t").bot().preview_content({"id": TASK}, 1000))


def drafts(count):
    return [{"object_id": str(uuid.uuid4()), "project_id": TASK, "task_status_id": TASK, "comment": str(n)}
            for n in range(count)]  # fmt: skip


def row(body):
    return 201, JSON, json.dumps({"text": json.loads(body)["comment"]})


def test_it_comments_on_a_thousand_tasks_in_a_request_each(server):
    many = drafts(1000)
    server.answers |= {f"/actions/tasks/{one['object_id']}/comment": row for one in many}
    rows = ZouStudio(server.url, bot_token="t").bot().post_comments(many)
    assert {one["text"] for one in rows} == {str(n) for n in range(1000)}
    assert len([path for _, path in server.asked if path != "/"]) == 1000


def test_it_unassigns_a_thousand_tasks_in_fifty_requests(server):
    ids = [one["object_id"] for one in drafts(1000)]
    server.answers["/actions/tasks/clear-assignation"] = lambda body: (
        200, JSON, json.dumps([{"id": one} for one in json.loads(body)["task_ids"][1:]]),
    )  # fmt: skip
    done = ZouStudio(server.url, bot_token="t").bot().unassign(ids, TASK)
    assert len(done) == 950
    assert len([path for _, path in server.asked if path != "/"]) == 50


@pytest.mark.parametrize("trouble", [(503, HTML, ""), (500, JSON, "{}"), HANG_UP, (401, JSON, "{}")])
def test_it_says_what_was_written_before_kitsu_failed(server, trouble):
    many = drafts(40)
    server.answers |= {f"/actions/tasks/{one['object_id']}/comment": row for one in many}
    server.answers[f"/actions/tasks/{many[20]['object_id']}/comment"] = trouble
    with pytest.raises(errors.KitsuError) as caught:
        ZouStudio(server.url, bot_token="t").bot().post_comments(many)
    written = {int(one["text"]) for one in caught.value.done}
    assert set(range(20)) <= written <= set(range(40)) - {20}
    asked = [path for _, path in server.asked if path != "/"]
    assert len(asked) == len(set(asked)) == len(written) + 1


def test_it_names_each_task_that_kitsu_did_not_take(server):
    many = drafts(6)
    answers = [row, (403, JSON, "{}"), (404, JSON, "{}"), (400, JSON, '{"message": "No more retakes"}'), row, row]
    server.answers |= {
        f"/actions/tasks/{one['object_id']}/comment": said for one, said in zip(many, answers, strict=True)
    }
    rows = ZouStudio(server.url, bot_token="t").bot().post_comments(many)
    assert {one["text"] for one in rows} == {"0", "4", "5"}
    assert set(rows.refused) == {one["object_id"] for one in many[1:4]}
    assert "No more retakes" in rows.refused[many[3]["object_id"]]


def test_it_begins_nothing_more_when_something_of_ours_breaks(server):
    many = drafts(40)
    server.answers |= {f"/actions/tasks/{one['object_id']}/comment": (201, JSON, "[1, 2, 3]") for one in many}
    with pytest.raises((TypeError, ValueError)):
        ZouStudio(server.url, bot_token="t").bot().post_comments(many)
    assert len([path for _, path in server.asked if path != "/"]) <= 8


WORK = f"/data/sequences/with-tasks?project_id={uuid.UUID(int=7)}"


def test_a_long_list_comes_row_by_row(server):
    server.answers[WORK] = (200, JSON, json.dumps([{"id": str(one), "tasks": []} for one in range(5000)]))
    rows = ZouStudio(server.url, bot_token="t").bot().project_work(str(uuid.UUID(int=7)), "Sequence")
    assert [row["id"] for row in rows] == [str(one) for one in range(5000)]


def test_a_long_list_that_is_refused_is_said_so_before_its_first_row(server):
    bot = ZouStudio(server.url, bot_token="t").bot()
    for status, expected in ((403, errors.KitsuForbids), (404, errors.NotInKitsu), (502, errors.KitsuBusy)):
        server.answers[WORK] = (status, JSON, "{}")
        with pytest.raises(expected):
            bot.project_work(str(uuid.UUID(int=7)), "Sequence")


def test_a_long_list_that_breaks_off_is_never_taken_for_the_whole(server):
    body = json.dumps([{"id": str(one), "tasks": []} for one in range(5000)])
    server.answers[WORK] = (200, JSON, body[: body.index("}", 1000) + 1], len(body))
    with pytest.raises(errors.KitsuUnavailable):
        list(ZouStudio(server.url, bot_token="t").bot().project_work(str(uuid.UUID(int=7)), "Sequence"))
