"""What a handler is called with."""

from __future__ import annotations

import pytest

from actions.worker.calling import begun, tried_since
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Happened, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invocation(an_action, a_queued_invocation):
    return a_queued_invocation(an_action("debug"), 1)


def attempted(invocation):
    """One more attempt, and the invocation after it."""
    Invocation.objects.filter(pk=invocation.pk).update(state=State.QUEUED)
    carry_out(str(invocation.pk))
    return Invocation.objects.get(pk=invocation.pk)


def claims(invocation):
    return list(invocation.events.filter(what=Happened.CLAIMED).order_by("id").values_list("at", flat=True))


def test_it_works(invocation):
    first = attempted(invocation)
    assert (tried_since(first), begun(first)) == (None, claims(first)[0])


def test_a_further_attempt_knows_when_the_first_one_began(invocation):
    attempted(invocation)
    second = attempted(invocation)
    assert second.attempts == 2
    assert tried_since(second) == begun(second) == claims(second)[0] < second.started_at


def test_a_retry_knows_when_the_first_try_began(invocation, a_queued_invocation, an_action):
    first = attempted(invocation)
    retry = a_queued_invocation(an_action("debug", slug="again"), 1, rerun_of=first, retry=True)
    assert tried_since(retry) == claims(first)[0]
    again = a_queued_invocation(an_action("debug", slug="another"), 1, rerun_of=first)
    assert tried_since(again) is None


def test_saying_what_it_will_do_is_no_try(invocation):
    attempted(invocation)
    invocation.event(Happened.PLANNED).save()
    after = attempted(invocation)
    assert begun(after) == claims(after)[1]
