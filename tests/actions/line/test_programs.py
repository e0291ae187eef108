"""What programs ask for enters the line as a click does: judged, recorded, and with its parameters checked."""

from __future__ import annotations

import base64
import json

import pytest

from actions.line import queue
from actions.line.named import who_is
from actions.line.problems import Refusal
from actions.line.programs import Ask, ask, refuse_unheard
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State, WaitingFor
from kitsu_bridge.kitsu.hold import held_answers
from kitsu_bridge.masking import MASK

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada@sample.studio"
EVERYTHING = """
from typing import Annotated, Literal
from actions.contract import Call, Field, File, Outcome
from actions.registry import handler

@handler(title="Everything")
def run(call: Call, *, word: str, count: Annotated[int, Field(least=1, most=9)] = 3, loud: bool = False,
        colour: Literal["red", "blue"] = "red", password: Annotated[str, Field(secret=True)] = "",
        list: File | None = None) -> Outcome:
    said = list.path.read_text() if list else ""
    return Outcome(f"{word} {count} {loud} {colour} {len(password)} {said}")
"""


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    ids = []
    monkeypatch.setattr(queue, "send", lambda invocation: bool(ids.append(invocation.pk)) or True)
    return ids


@pytest.fixture
def everything(kinds_folder, an_action):
    from actions.kinds.switches import turn
    from actions.registry import kinds

    kinds_folder("everything", EVERYTHING)
    turn(kinds()["everything"], True, None)
    return an_action("everything")


def run(slug, task_ids, **how):
    return ask(Ask(slug, task_ids, **how), who_is(ADA), Door.REST)


def test_it_works(everything, sample_task_ids, sent):
    content = base64.b64encode(b"inside").decode()
    given = {"word": "Hi", "count": 5, "loud": True, "colour": "blue", "password": "s3cret-word", "list": content}
    entered = run("everything", sample_task_ids(2), parameters=given)
    assert (entered.problem, entered.new, sent) == (None, True, [entered.invocation.pk])
    invocation = Invocation.objects.get(pk=entered.invocation.pk)
    assert invocation.parameters["password"] == MASK
    assert "s3cret-word" not in json.dumps([invocation.payload, invocation.parameters])
    assert content not in invocation.payload
    assert held_answers(str(invocation.pk)) == {"password": "s3cret-word"}
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert (invocation.state, invocation.message) == (State.SUCCEEDED, "Hi 5 True blue 11 inside")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "word"),
        ({"word": 5}, "word"),
        ({"word": "Hi", "count": 99}, "count"),
        ({"word": "Hi", "count": "many"}, "count"),
        ({"word": "Hi", "count": [1]}, "count"),
        ({"word": "Hi", "colour": "green"}, "colour"),
        ({"word": "Hi", "colour": {"a": 1}}, "colour"),
        ({"word": "Hi", "list": "no base64!"}, "list"),
        ({"word": "Hi", "list": 7}, "list"),
        ({"word": "a\x00b"}, "word"),
        ({"word": "Hi", "other": 1}, "other"),
        ({"word": "Hi", "run": 1}, "run"),
    ],
)
def test_wrong_parameters_are_named_and_recorded(everything, sample_task_ids, given, field, sent):
    entered = run("everything", sample_task_ids(1), parameters=given)
    assert (entered.problem.status, entered.problem.code, list(entered.fields)) == (422, "parameters", [field])
    assert Invocation.objects.get().state == State.REFUSED
    assert sent == []


def test_what_the_studio_manager_has_set_is_not_changed(everything, sample_task_ids):
    everything.values, everything.fixed = {"word": "Set", "count": 4}, ["word"]
    everything.save()
    assert run("everything", sample_task_ids(1), parameters={"word": "Mine"}).fields == {
        "word": "The studio manager has set it; nobody is asked."
    }
    entered = run("everything", sample_task_ids(1))
    assert entered.invocation.parameters | {"word": "Set", "count": 4} == entered.invocation.parameters


@pytest.mark.parametrize("task_ids", [[], ["x"], ["' OR 1=1"], ["a\x00"], [str(n) for n in range(3)]])
def test_a_selection_that_is_none_is_refused(an_action, task_ids):
    entered = run(an_action().slug, task_ids)
    assert entered.problem.status == 422
    assert Invocation.objects.get().state == State.REFUSED


def test_only_the_plan_is_made_and_waits_for_a_yes(an_action, sample_task_ids):
    entered = run(an_action().slug, sample_task_ids(2), only_plan=True)
    assert entered.invocation.previewing
    carry_out(str(entered.invocation.pk))
    invocation = Invocation.objects.get()
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.CONFIRMATION)
    assert not invocation.results.filter(state="done").exists()


def test_a_yes_that_was_said_with_it_is_not_asked_for_again(an_action, sample_task_ids):
    action = an_action(confirm_first=True)
    assert run(action.slug, sample_task_ids(1), confirmed=True).invocation.previewing is False
    assert run(action.slug, sample_task_ids(2)).invocation.previewing is True


def test_the_same_again_is_one_call_unless_each_is_its_own(an_action, sample_task_ids):
    action, tasks = an_action(), sample_task_ids(1)
    first, second = run(action.slug, tasks), run(action.slug, tasks)
    assert (second.new, second.invocation.pk) == (False, first.invocation.pk)
    assert run(action.slug, tasks, alone=True).new


def test_whoever_is_nobody_is_recorded(an_action, sample_task_ids):
    with pytest.raises(Refusal) as refused:
        who_is("nobody@sample.studio")
    wish = Ask(an_action().slug, sample_task_ids(1), {"word": "x"})
    invocation = refuse_unheard(wish, refused.value.problem, Door.COMMAND)
    assert Invocation.objects.get(pk=invocation.pk).reason_code == "unknown_person"
