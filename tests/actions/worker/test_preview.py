"""What a run will do is said before it is done, and is not done."""

from __future__ import annotations

import pytest

from actions.line.stages import advance
from actions.worker.run import carry_out
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds):
    return test_kinds


@pytest.fixture
def previewing(an_action, a_queued_invocation):
    """An invocation that a worker is to preview."""

    def make(kind="previewed", count=4, fixed=("word", "password"), **fields):
        action = an_action(kind, confirm_first=True, fixed=list(fixed))
        return a_queued_invocation(action, count, previewing=True, **fields)

    return make


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def states(invocation):
    return [result.state for result in invocation.results.all()]


def test_it_works(previewing):
    planned = run(previewing(parameters={"word": "great"}))
    assert (planned.state, planned.waiting_for) == (State.WAITING, WaitingFor.CONFIRMATION)
    assert planned.message == "Marks them great."
    assert states(planned) == ["planned", "blocked", "planned", "blocked"]
    assert planned.results.first().message == "→ great"
    assert planned.planned_at
    assert (planned.claim, planned.started_at, planned.previewing) == (None, None, False)
    assert planned.events.filter(what=Happened.PLANNED).get().text == "2 tasks to do, 2 blocked."


def test_what_was_planned_gives_way_to_what_was_done(previewing):
    planned = run(previewing(parameters={"word": "great"}))
    advance(planned, confirmed=True)
    planned.save()
    done = run(planned)
    assert (done.state, done.message) == (State.SUCCEEDED, "All great.")
    assert states(done) == ["done"] * 4


def test_a_kind_without_a_preview_shows_its_tasks(previewing):
    planned = run(previewing("endings"))
    assert states(planned) == ["planned"] * 4
    assert planned.waiting_for == WaitingFor.CONFIRMATION


def test_what_the_kind_says_against_the_parameters_leads_back_to_them(previewing):
    refused = run(previewing(parameters={"word": "bad"}, fixed=()))
    assert (refused.state, refused.waiting_for) == (State.WAITING, WaitingFor.PARAMETERS)
    assert refused.reason == "Choose another word."
    assert refused.given_at is None


def test_it_fails_where_nobody_was_asked(previewing):
    failed = run(previewing(parameters={"word": "bad"}))
    assert (failed.state, failed.reason) == (State.FAILED, "Choose another word.")


def test_a_kitsu_that_is_away_is_waited_for(previewing):
    waiting = previewing()
    studio().trouble = KitsuUnreachable()
    try:
        run(waiting)
    finally:
        studio().trouble = None
    assert (waiting.waiting_for, waiting.previewing) == (WaitingFor.KITSU, True)
