"""Parameters of every type, all the way: as Jet is told of them, as it sends them, as the handler gets them."""

from __future__ import annotations

import base64
import inspect

import pytest

from actions.kinds.switches import turn
from actions.models import Action
from actions.registry import kinds
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.kitsu.studio import studio
from tests.actions.jet.test_fields import SENT, SIXTEEN
from tests.actions.jet.test_fields import run as asks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_handlers")]

SAYS = """
    got = {name: repr(value) for name, value in locals().items() if name not in ("call", "reel")}
    return Outcome("Got it.", {**got, "reel": reel.path.read_bytes().hex() if reel else ""})
"""
ECHO = f'''"""Says what it got."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from actions.contract import Call, Field, File, LongText, Outcome, PersonId, StatusId
from actions.registry import handler


@handler(title="Echo")
{inspect.getsource(asks).replace('    return Outcome("")', SAYS)}
'''

WORD = "<b>“Hi” & \\ ' </b>"
HOSTILE = b"\x00\xff<script>\r\n"


@pytest.fixture
def echo(jet, kinds_folder, sample_task_ids):
    """Runs the echo with parameters; the answer, and the record when the worker is done."""
    kinds_folder("echo", ECHO)
    turn(kinds()["echo"], True, None)
    Action.objects.create(name="Echo", slug="echo", kind="echo", double_click_window=0)

    def run(**params):
        said = {"name": "echo", "model": "task", "ids": sample_task_ids(1), "params": params}
        answer = jet("execute_action", said)
        invocation = Invocation.objects.latest("received_at")
        if invocation.state == State.QUEUED:
            carry_out(str(invocation.pk))
            invocation.refresh_from_db()
        return answer, invocation

    return run


def sent_by_jet(person, status):
    """What Jet's form sends for each parameter, and what the handler gets."""
    return {
        "word": (WORD, repr(WORD)),
        "lines": ("a\nb", repr("a\nb")),
        "query": ("select '1'", repr("select '1'")),
        "script": ('{"a": 1}', repr('{"a": 1}')),
        "count": (3, "3"),
        "size": (0.5, "0.5"),
        "price": (0.1, "Decimal('0.1')"),
        "loud": (True, "True"),
        "day": ("2026-05-06T00:00:00.000Z", "datetime.date(2026, 5, 6)"),
        "at": ("07:08:09", "datetime.time(7, 8, 9)"),
        "moment": (1778051280, "datetime.datetime(2026, 5, 6, 7, 8, tzinfo=datetime.timezone.utc)"),
        "pace": ("fast", "'fast'"),
        "level": (2, "2"),
        "more": ('{"a": [1, null]}', "{'a': [1, None]}"),
        "names": (["a", "b"], "('a', 'b')"),
        "who": (person, repr(person)),
        "statuses": (f'["{status}"]', repr((status,))),
        "reel": (base64.b64encode(HOSTILE).decode(), HOSTILE.hex()),
    }


def test_it_works(echo, jet):
    bot = studio().bot()
    expected = sent_by_jet(bot.persons()[0]["id"], bot.task_statuses()[0]["id"])
    (listed,) = jet("get_action_list").json()
    assert [one["name"] for one in listed["params"]] == list(expected)
    answer, invocation = echo(**{name: sent for name, (sent, _) in expected.items()})
    assert answer.status_code == 200
    assert (invocation.state, invocation.reason) == (State.SUCCEEDED, "")
    assert invocation.outcome["data"] == {name: got for name, (_, got) in expected.items()}


def test_what_is_left_out_is_as_declared(echo):
    _, invocation = echo(word="x")
    got = invocation.outcome["data"]
    assert (got["count"], got["price"], got["names"], got["reel"]) == ("1", "Decimal('0.10')", "()", "")


def test_a_file_is_kept_beside_the_record_and_nowhere_in_it(echo):
    text = base64.b64encode(HOSTILE).decode()
    _, invocation = echo(word="x", reel=text)
    assert text not in invocation.payload
    assert invocation.parameters["reel"]["size"] == len(HOSTILE)
    assert text not in str(invocation.parameters)


@pytest.mark.parametrize("sent", ["no base64!", 5, ["a"], {"name": "a.mov"}])
def test_it_refuses_what_is_no_file(echo, sent):
    answer, invocation = echo(word="x", reel=sent)
    assert (answer.status_code, list(answer.json())) == (400, ["reel"])
    assert (invocation.state, invocation.reason_code) == (State.REFUSED, "parameters")


WRONG = {
    "count": "many", "size": "wide", "price": "cheap", "day": "soon", "at": "noon", "moment": "now", "pace": "medium",
    "level": 3, "more": "[", "names": {"a": 1}, "word": "",
}  # fmt: skip


def test_all_that_is_wrong_is_said_by_parameter(echo):
    answer, invocation = echo(**WRONG)
    assert answer.status_code == 400
    assert set(answer.json()) == set(WRONG)
    assert all(isinstance(texts, list) and texts[0] for texts in answer.json().values())
    assert invocation.state == State.REFUSED


OF_THE_STUDIO = """
from actions.jet import add_message_handler

FIELDS = {fields!r}


def get_action_list(name, params):
    asked = [{{"name": one.lower(), "field": one, "required": True, "params": {{"options": [
        {{"name": "A", "value": "a"}}, {{"name": "B", "value": "b"}}]}}}} for one in FIELDS]
    return [{{"name": "mark", "common_action": {{}}, "params": asked}}]


def execute_action(name, params):
    return params["params"]


add_message_handler("get_action_list", get_action_list)
add_message_handler("execute_action", execute_action)
"""


def test_each_of_jets_fields_reaches_a_handler_of_the_studios(jet, kinds_folder):
    kinds_folder("for_jet", OF_THE_STUDIO.format(fields=sorted(SIXTEEN)))
    (listed,) = jet("get_action_list").json()
    assert {one["field"] for one in listed["params"]} == SIXTEEN
    sent = {field.lower(): value for field, (value, _) in SENT.items()}
    answer = jet("execute_action", {"name": "mark", "params": sent})
    assert (answer.status_code, answer.json()) == (200, sent)
    assert set(jet("execute_action", {"name": "mark", "params": {}}).json()) == set(sent)
