"""Whether a farm may have got what was sent is never guessed wrong."""

from __future__ import annotations

import time
from queue import Queue

import pytest

from actions.farms import asking
from actions.farms.asking import Asking, place_of
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure
from tests.actions.outside import a_port, a_service


def asked(url, **more):
    return Asking("Farm", url, lambda: {"Authorization": "Bearer x"}).ask("POST", "/jobs", {"a": "ü"}, **more)


def test_it_works():
    with a_service((200, {}, b'{"id": 1}')) as farm:
        assert asked(farm.url) == {"id": 1}
    (got,) = farm.got
    assert (got.json, got.headers["authorization"]) == ({"a": "ü"}, "Bearer x")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_it_is_unsure_of_a_job_after_trouble(status):
    with a_service((status, {}, b"boom")) as farm:
        with pytest.raises(FarmUnsure, match="boom"):
            asked(farm.url, sends=True)
        with pytest.raises(FarmAway, match="boom"):
            asked(farm.url)


def test_it_takes_what_is_no_json_for_no_answer():
    with a_service((200, {}, b"<html>Welcome")) as farm:
        with pytest.raises(FarmUnsure, match="no JSON"):
            asked(farm.url, sends=True)
        with pytest.raises(FarmAway, match="no JSON"):
            asked(farm.url)


@pytest.mark.parametrize(("status", "words"), [(400, "bad plugin"), (401, "secret"), (403, "secret")])
def test_it_says_what_the_farm_refuses(status, words):
    with a_service((status, {}, b"bad plugin")) as farm, pytest.raises(FarmRefuses, match=words):
        asked(farm.url, sends=True)


def test_it_follows_nobody_elsewhere():
    with a_service((200, {}, b"{}")) as other, a_service((302, {"Location": other.url}, b"")) as farm:
        with pytest.raises(FarmRefuses, match="302"):
            asked(farm.url, sends=True)
        assert not other.got


def test_it_is_sure_that_nothing_was_sent_where_nobody_listens():
    with a_port() as port, pytest.raises(FarmAway, match="no connection"):
        asked(f"http://127.0.0.1:{port}", sends=True)


def test_it_is_unsure_when_the_farm_took_it_and_does_not_answer(monkeypatch):
    monkeypatch.setattr(asking, "READ", 0.2)
    came = Queue()

    def slow(got):
        came.put(got)
        time.sleep(2)
        return 200, {}, b"{}"

    with a_service(slow) as farm:
        with pytest.raises(FarmUnsure, match="too long"):
            asked(farm.url, sends=True)
        assert came.get(timeout=20).json == {"a": "ü"}


def test_it_takes_half_an_answer_for_none():
    with a_service((200, {"Content-Length": "50"}, b'{"id": ')) as farm, pytest.raises(FarmUnsure):
        asked(farm.url, sends=True)


def test_it_takes_no_answer_of_any_size(monkeypatch):
    monkeypatch.setattr(asking, "LARGEST", 10)
    with a_service((200, {}, b'"' + b"a" * 100 + b'"')) as farm, pytest.raises(FarmAway):
        asked(farm.url)


@pytest.mark.parametrize(
    "url", ["", "farm:80", "file:///etc", "http://", "http://a:b@farm", "http://farm:x", "http://f/?a=1"]
)
def test_it_refuses_what_is_no_address(url):
    with pytest.raises(FarmRefuses):
        place_of(url)
