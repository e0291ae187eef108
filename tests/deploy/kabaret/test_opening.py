"""What the plugin does in a session, with as much of a session as it touches; the real one: tests/actions/clients."""

from __future__ import annotations

import json

import pytest

from tests.deploy.kabaret.sessions import ME, Session, View, answer_to, request_in

SHOT = "/film/shots/sh010"


def asked(oid=SHOT, view="current"):
    return {"oid": oid, "user": ME, "view": view, "request": "1"}


def test_it_works():
    session = Session(View("/film"))
    said = answer_to(request_in(json.dumps(asked()), ME), session)
    assert said == {"request": "1", "session": session.session_uid(), "ok": True, "oid": SHOT}
    assert [view.oid for view in session.views] == [SHOT]
    answer_to(asked(view="new"), session)
    assert [view.oid for view in session.views] == [SHOT, SHOT]


def test_where_no_view_is_there_it_makes_one():
    session = Session()
    assert answer_to(asked(), session)["ok"] is True
    assert [view.oid for view in session.views] == [SHOT]


def test_a_task_that_is_not_there_shows_what_it_is_of():
    session = Session()
    assert answer_to(asked(f"{SHOT}/tasks/lighting"), session)["oid"] == SHOT
    assert answer_to(asked("/film/shots/no/tasks/lighting"), session)["ok"] is False


@pytest.mark.parametrize("oid", ["", "/", "film", "//", "/film/..", "/film/./a", "/film//a", "/film/no", "/other"])
def test_it_goes_to_nothing_that_is_not_there(oid):
    session = Session(View("/film"))
    said = answer_to(asked(oid), session)
    assert said["ok"] is False
    assert said["reason"]
    assert session.views[0].oid == "/film"


def test_a_flow_that_breaks_down_is_told():
    session = Session()
    session.Flow.exists = lambda _oid: 1 / 0
    assert answer_to(asked(), session)["reason"] == "It broke down: ZeroDivisionError."


@pytest.mark.parametrize(
    "data", [None, 1, "", "[]", "{", "[" * 9000, b"\xff", "x" * 20_000, json.dumps({**asked(), "user": "somebody"}),
             json.dumps({**asked(), "user": None}), json.dumps({**asked(), "oid": 1}), json.dumps({"oid": SHOT})]
)  # fmt: skip
def test_what_is_no_request_of_this_user_gets_no_answer(data):
    assert request_in(data, ME) is None
