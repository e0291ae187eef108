"""Asking running sessions through a real Redis. The session is the plugin's own words, or a real Kabaret where one is named.

KB_LIVE_KABARET: the Redis of a real Kabaret, see tests/deploy/kabaret/real_session.py.
"""

from __future__ import annotations

import json
from queue import Queue

import pytest
from redis import Redis

from actions.clients.kabaret import Opened, Refused, Unopened, checked_address, line
from actions.contract import ActionError
from tests.actions.outside import a_port
from tests.deploy.kabaret.sessions import LIVE, ME, REDIS, Session, running

pytestmark = pytest.mark.redis

SHOT = "/film/shots/sh010"


@pytest.fixture(scope="module")
def cluster():
    """A cluster in which this user has a session."""
    with running("STUDIO-1") as name:
        yield name


def test_it_works(cluster):
    with line(REDIS, cluster, 5) as kabaret:
        opened = kabaret.open(SHOT, ME, "current")
        assert opened.oid == SHOT
        assert opened.session.startswith(f"{ME}:")
        assert kabaret.open(SHOT, ME, "new").oid == SHOT
        assert kabaret.open(f"{SHOT}/tasks/lighting", ME, "current").oid == SHOT  # It has no such task.


@pytest.mark.parametrize(
    ("oid", "words"),
    [
        ("/film/shots/sh999", "There is no /film/shots/sh999"),
        ("/other/shots/a", "no project other"),
        ("/film/../x", "no oid"),
    ],
)
def test_a_session_says_what_it_has_not(cluster, oid, words):
    with line(REDIS, cluster, 5) as kabaret:
        with pytest.raises(Refused, match=words):
            kabaret.open(oid, ME, "current")
        assert kabaret.open(SHOT, ME, "current").oid == SHOT


def test_a_session_of_somebody_else_opens_nothing(cluster):
    with line(REDIS, cluster, 1) as kabaret, pytest.raises(Unopened, match="none of somebody answered within 1 s"):
        kabaret.open(SHOT, "somebody", "current")


def test_nobody_there_is_said():
    with line(REDIS, "NOBODY", 1) as kabaret, pytest.raises(Unopened, match="No session of Kabaret is running"):
        kabaret.open(SHOT, ME, "current")


def test_a_redis_that_is_down_is_said_without_its_password():
    with a_port() as port:
        for url in (f"redis://:s3cret@127.0.0.1:{port}/0", "redis://:s3cret@127.0.0.1:port/0"):
            with pytest.raises(Unopened) as raised, line(url, "STUDIO", 1):
                pass
            assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "junk", ["", "[]", "{", "1" * 20_000, '{"request": "another", "ok": true}', "[" * 5000, b"\xff\xfe"]
)
def test_other_words_on_the_channel_are_no_answer(junk):
    session = Session()

    def hear(redis, message):
        asked = json.loads(message["data"])
        redis.publish("JUNK:kitsu_bridge_ack", junk)
        redis.publish("JUNK:kitsu_bridge_ack", json.dumps({"request": asked["request"], "ok": True, "session": "s"}))

    with session.listening("JUNK", hear), line(REDIS, "JUNK", 5) as kabaret:
        assert kabaret.open(SHOT, ME, "current") == Opened(SHOT, "s")


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one():
    asked, late = Queue(), []

    def hear(redis, message):
        for request in late:
            redis.publish("LATE:kitsu_bridge_ack", json.dumps({"request": request, "ok": True, "session": "late"}))
        late.append(json.loads(message["data"])["request"])
        asked.put(late[-1])

    with Session().listening("LATE", hear), line(REDIS, "LATE", 0.5) as kabaret:
        for _ in range(3):
            with pytest.raises(Unopened, match="answered within"):
                kabaret.open(SHOT, ME, "current")
        assert len({asked.get(timeout=20) for _ in range(3)}) == 3


@pytest.mark.parametrize("ok", [False, None, "true", 1, [True]])
def test_an_answer_without_a_plain_yes_is_a_no(ok):
    def hear(redis, message):
        redis.publish("NO:kitsu_bridge_ack", json.dumps({"request": json.loads(message["data"])["request"], "ok": ok}))

    with (
        Session().listening("NO", hear),
        line(REDIS, "NO", 5) as kabaret,
        pytest.raises(Refused, match="without a reason"),
    ):
        kabaret.open(SHOT, ME, "current")


def test_nothing_of_the_studio_s_is_written():
    if LIVE:
        pytest.skip("a real Kabaret writes on its own")
    with Redis.from_url(REDIS) as redis, Session().listening("KEPT"), line(REDIS, "KEPT", 5) as kabaret:
        kabaret.open(SHOT, ME, "current")
        assert list(redis.scan_iter("KEPT*")) == []  # Other tests write meanwhile, and what they wrote expires.


@pytest.mark.parametrize("url", ["http://a", "localhost", "redis://a b", "file:///etc/passwd"])
def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(ActionError):
        checked_address(url)
