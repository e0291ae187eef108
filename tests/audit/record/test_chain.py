"""Re-runs before and after, and the others that an invocation has to do with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Invocation
from audit.record.chain import MOST, chain_of
from audit.states import State

pytestmark = pytest.mark.django_db


def test_it_works(an_invocation):
    now = timezone.now()
    first = an_invocation(received_at=now - timedelta(hours=3))
    second = an_invocation(rerun_of=first, received_at=now - timedelta(hours=2))
    third = an_invocation(rerun_of=second, received_at=now - timedelta(hours=1))
    beside = an_invocation(rerun_of=second, received_at=now)
    last = an_invocation(rerun_of=third, received_at=now)
    chain = chain_of(second, Invocation.objects.all())
    assert chain.earlier == [first]
    assert chain.later == [(1, third), (1, beside), (2, last)]
    assert chain_of(last, Invocation.objects.all()).earlier == [first, second, third]
    assert not chain_of(an_invocation(), Invocation.objects.all())


def test_it_shows_only_what_may_be_seen(an_invocation):
    first, other = an_invocation("noa"), an_invocation("greta")
    hidden = an_invocation("greta", rerun_of=first)
    seen = an_invocation("noa", rerun_of=hidden, behind=other)
    chain = chain_of(seen, Invocation.objects.filter(person_id=first.person_id))
    assert (chain.earlier, chain.behind) == ([first], None)
    assert chain_of(first, Invocation.objects.filter(person_id=first.person_id)).later == [(2, seen)]


def test_it_knows_whom_it_waited_for_and_who_tells_of_it(an_invocation):
    running = an_invocation()
    joined = an_invocation(state=State.JOINED, behind=running)
    telling = an_invocation(tells_of=running)
    chain = chain_of(running, Invocation.objects.all())
    assert (chain.in_front_of, chain.told_by) == ([joined], [telling])
    assert chain_of(joined, Invocation.objects.all()).behind == running
    assert chain_of(telling, Invocation.objects.all()).tells_of == running


def test_it_is_bounded(an_invocation):
    first = an_invocation()
    Invocation.objects.bulk_create(Invocation(rerun_of=first, state=State.SUCCEEDED) for _ in range(MOST + 20))
    assert len(chain_of(first, Invocation.objects.all()).later) == MOST
