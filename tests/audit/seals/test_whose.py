"""The seal that an invocation's events stand under, and what its record says of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Seal, Verification
from audit.seals.ranges import holds
from audit.seals.sealing import seal, seal_all
from audit.seals.whose import seal_of, sealed
from audit.states import Happened

pytestmark = pytest.mark.django_db


def page(browser, invocation):
    return browser("noa").get(reverse("record_events", args=[invocation.pk])).text


def test_it_works(browser, an_invocation):
    invocation = an_invocation("noa")
    for _ in range(3):
        invocation.event(Happened.RECEIVED).save()
    assert (sealed(invocation).waiting, sealed(invocation).by) == (3, None)
    assert "3 of 3 events wait for the next seal" in page(browser, invocation)
    seal_all()
    found = sealed(invocation)
    assert (found.events, found.waiting, found.by) == (3, 0, Seal.objects.last())
    assert f"under seal {found.by.number} of" in page(browser, invocation)
    invocation.event(Happened.RECEIVED).save()
    assert (sealed(invocation).waiting, sealed(invocation).by) == (1, found.by)
    assert "1 of 4 events waits for the next seal" in page(browser, invocation)


def test_it_finds_the_seal_of_every_event_among_many(an_invocation):
    invocation = an_invocation("noa")
    numbers = []
    for _ in range(9):
        event = invocation.event(Happened.RECEIVED)
        event.save()
        numbers.append(event.pk)
        seal()
    newest = Seal.objects.order_by("-number").first()
    found = [seal_of(number, newest) for number in numbers]
    assert [holds(one.events, number) for one, number in zip(found, numbers, strict=True)] == [True] * 9
    assert [one.number for one in found] == list(range(newest.number - 8, newest.number + 1))


def test_it_says_that_the_record_was_altered(browser, an_invocation):
    invocation = an_invocation("noa")
    invocation.event(Happened.RECEIVED).save()
    seal_all()
    Verification.objects.create(whole=True, good=False, trouble="Event 7 was altered.")
    text = page(browser, invocation)
    assert "The record was altered" in text
    assert "Tell your studio manager" in text
    assert "Event 7" in browser("ada").get(reverse("record_events", args=[invocation.pk])).text
