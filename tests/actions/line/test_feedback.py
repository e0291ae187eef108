from __future__ import annotations

import pytest

from actions.models import Action
from actions.rules import broken_rules, worth_knowing
from actions.worker.calling import about
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.hold import held, hold
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds, monkeypatch):
    monkeypatch.setattr("actions.line.queue.send", lambda invocation: True)


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def feedbacks():
    return list(Invocation.objects.filter(door=Door.FEEDBACK).order_by("received_at"))


def told(invocation):
    return invocation.events.filter(what=Happened.TOLD).get().text


@pytest.fixture
def teller(an_action):
    """An action that tells: the kind `teller` answers with what it is about."""
    return an_action("teller", slug="teller")


@pytest.fixture
def first(an_action, a_queued_invocation, teller):
    """An invocation whose action has its end told."""

    def make(how="well", when="always", **fields):
        action = an_action("endings", background=True, options={"how": how}, tell_with="teller", tell_when=when)
        return a_queued_invocation(action, **fields)

    return make


def test_it_works(first):
    ended = run(first())
    (telling,) = feedbacks()
    assert (telling.state, telling.action_slug, telling.tells_of_id) == (State.QUEUED, "teller", ended.pk)
    assert telling.task_ids == ended.task_ids
    assert (telling.person_id, telling.trust) == (ended.person_id, Trust.PROVEN)
    assert told(ended) == f"By “Teller”, as {telling.reference}."
    run(telling)
    assert telling.state == State.SUCCEEDED
    assert telling.message == f"Endings succeeded: All well. {ended.pk}"


def test_a_feedback_has_no_feedback(first, teller):
    Action.objects.filter(pk=teller.pk).update(tell_with="teller")
    run(first())
    run(feedbacks()[0])
    assert len(feedbacks()) == 1


@pytest.mark.parametrize(
    ("how", "tells"), [("well", False), ("one_failed", True), ("action_error", True), ("crash", True)]
)
def test_only_when_something_went_wrong(first, how, tells):
    run(first(how, "trouble"))
    assert bool(feedbacks()) is tells


def test_who_cancelled_knows_it(first):
    invocation = first(when="trouble")
    invocation.ask_to_cancel(None)
    assert not feedbacks()


def test_a_form_that_nobody_filled_in_is_no_news(first):
    invocation = first()
    asked = {"state": State.WAITING, "definition": invocation.definition | {"background": False}}
    Invocation.objects.filter(pk=invocation.pk).update(**asked)
    invocation.refresh_from_db()
    invocation.move(State.EXPIRED, when={State.WAITING})
    assert not feedbacks()


def test_a_comment_tells_of_the_end_on_the_tasks_themselves(first, teller):
    words = "{action_name} ended as {invocation_state}: {invocation_message}"
    Action.objects.filter(pk=teller.pk).update(kind="comment", values={"text": words})
    ended = run(first(count=2))
    telling = run(feedbacks()[0])
    assert telling.state == State.SUCCEEDED, telling.reason
    comments = studio().bot().comments(ended.task_ids)
    said = [row["object_id"] for row in comments if row["text"] == "Endings ended as succeeded: All well."]
    assert sorted(said) == sorted(ended.task_ids)


def test_its_own_failure_changes_nothing_of_the_first(first, teller):
    Action.objects.filter(pk=teller.pk).update(kind="endings", options={"how": "crash"})
    ended = run(first())
    telling = run(feedbacks()[0])
    ended.refresh_from_db()
    assert (ended.state, telling.state) == (State.SUCCEEDED, State.CRASHED)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"enabled": False}, "disabled"),
        ({"roles": ["client"]}, "role"),
        ({"largest_selection": 1}, "too_many_tasks"),
    ],
)
def test_the_gate_judges_it_as_any_call(first, teller, fields, code):
    Action.objects.filter(pk=teller.pk).update(**fields)
    ended = run(first())
    (telling,) = feedbacks()
    assert (telling.state, telling.reason_code) == (State.REFUSED, code)
    assert told(ended) == f"By “Teller”, as {telling.reference}."
    assert ended.state == State.SUCCEEDED


def test_nobody_is_asked(first, teller):
    """Neither for a yes nor for parameters: nobody is there."""
    Action.objects.filter(pk=teller.pk).update(confirm_first=True, type_count_above=1)
    run(first())
    assert run(feedbacks()[0]).state == State.SUCCEEDED


def test_without_an_answer_that_it_needs_it_is_refused_in_words(first, teller):
    Action.objects.filter(pk=teller.pk).update(kind="needs_answer")
    run(first())
    (telling,) = feedbacks()
    assert telling.state == State.REFUSED
    assert "This action asks for: Word." in telling.reason


def test_an_answer_given_beforehand_is_enough(first, teller):
    Action.objects.filter(pk=teller.pk).update(kind="needs_answer", values={"word": "hello"})
    run(first())
    assert run(feedbacks()[0]).message == "hello"


def test_two_that_end_at_one_moment_are_both_told_of(an_action, a_queued_invocation, teller):
    action = an_action("endings", tell_with="teller")
    for invocation in (a_queued_invocation(action), a_queued_invocation(action)):
        run(invocation)
    assert len(feedbacks()) == 2


def test_an_action_that_is_gone_is_said(first, teller):
    teller.delete()
    ended = run(first())
    assert "there is no action “teller” any more" in told(ended)
    assert not feedbacks()


def test_a_call_that_nobody_stands_behind_tells_nobody(first):
    invocation = first()
    Invocation.objects.filter(pk=invocation.pk).update(trust=Trust.NONE, state=State.WAITING)
    invocation.refresh_from_db()
    invocation.move(State.EXPIRED, when={State.WAITING})
    assert not feedbacks()


def test_it_speaks_with_the_person_s_own_right_while_their_token_is_held(first, sample_person):
    token = studio().log_in(sample_person()["email"], "any")
    invocation = first()
    hold(str(invocation.pk), token)
    run(invocation)
    (telling,) = feedbacks()
    assert held(str(telling.pk)) == token
    assert held(str(invocation.pk)) is None
    run(telling)
    assert held(str(telling.pk)) is None


def test_kitsu_away_at_the_end_loses_no_feedback(first):
    invocation = first()
    Invocation.objects.filter(pk=invocation.pk).update(project_ids=["x"])
    invocation.refresh_from_db()
    studio().trouble = KitsuUnreachable()
    try:
        invocation.move(State.FAILED, when={State.QUEUED}, reason="It failed.")
    finally:
        studio().trouble = None
    assert feedbacks()[0].state == State.QUEUED


def test_every_call_knows_what_it_is_about(an_action, a_queued_invocation, settings):
    settings.BRIDGE_URL = "https://kitsu.studio"
    invocation = a_queued_invocation(an_action("endings"))
    said = about(invocation)
    assert (said.id, said.action_name, said.state, said.message) == (str(invocation.pk), "Endings", "", "")
    assert said.url == f"https://kitsu.studio{invocation.get_absolute_url()}"


@pytest.mark.parametrize(
    ("mine", "other", "words"),
    [
        ({"tell_with": "review"}, None, "cannot tell of itself"),
        ({"tell_with": "teller"}, {"kind": "opens"}, "opens something in the browser"),
        ({"tell_with": "teller", "trust": "claimed"}, {"trust": "proven"}, "wants proof"),
        ({"tell_with": "teller", "trust": "claimed"}, {"trust": "claimed"}, ""),
        ({"tell_with": "gone"}, None, ""),
    ],
)
def test_the_admin_says_what_cannot_work(teller, mine, other, words):
    if other:
        Action.objects.filter(pk=teller.pk).update(**other)
    found = [
        text
        for name, text in broken_rules(Action(name="R", slug="review", kind="debug", **mine))
        if name == "tell_with"
    ]
    assert [words in text for text in found] == ([True] if words else [])


def test_the_admin_hints_at_a_background_action_that_tells_nobody():
    action = Action(name="R", slug="review", kind="debug", background=True)
    assert "Nobody is told" in next(worth_knowing(action))
    action.tell_with = "teller"
    assert not list(worth_knowing(action))
