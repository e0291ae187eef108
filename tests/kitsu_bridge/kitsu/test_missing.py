"""Why an id of a selection came to nothing: told exactly, and without telling what it is."""

from __future__ import annotations

import uuid

import pytest

from kitsu_bridge.kitsu import resolve as resolving
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.visibility import seen_by


def hidden_from(kitsu, role):
    """Tasks that are there and that this person does not see."""
    seen = {row["id"] for row in kitsu.session(role).tasks(kitsu.all_task_ids())}
    return [one for one in kitsu.all_task_ids() if one not in seen]


@pytest.mark.parametrize("role", ["user", "client", "vendor"])
def test_it_works(kitsu, role):
    hidden, unknown = hidden_from(kitsu, role)[:100], str(uuid.uuid4())
    assert hidden
    resolution = resolve(kitsu.session(role), [*hidden, unknown, "all"], reader=kitsu.studio.bot)
    assert not resolution.tasks
    reasons = {one.id: one.reason for one in resolution.missing}
    assert {reasons[one] for one in hidden} == {"not visible to you"}
    assert (reasons[unknown], reasons["all"]) == (resolving.NOT_IN_KITSU, resolving.NOT_AN_ID)


def test_it_says_less_when_the_bot_cannot_be_asked(kitsu):
    def away():
        raise KitsuUnreachable

    resolution = resolve(kitsu.session("vendor"), hidden_from(kitsu, "vendor")[:3], reader=away)
    assert {one.reason for one in resolution.missing} == {resolving.NOT_THERE}


def test_it_shows_a_vendor_the_parents_that_kitsu_shows(kitsu):
    session = kitsu.session("vendor")
    ours = seen_by(kitsu.studio.bot(), Person.from_record(session.whoami()))
    own, bots = resolve(session, kitsu.all_task_ids()), resolve(ours, kitsu.all_task_ids())
    assert own.tasks
    assert [task.entity.path for task in bots] == [task.entity.path for task in own]
