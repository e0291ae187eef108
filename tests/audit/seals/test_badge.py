from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Event
from audit.seals.results import verify_in_turn
from audit.seals.sealing import seal_all
from tests.audit.conftest import browser  # noqa: F401 - a fixture
from tests.audit.triggers import no_triggers

PAGES = ["index", "audit_event_changelist", "audit_invocation_changelist", "audit_seal_changelist"]


@pytest.fixture
def page(browser):  # noqa: F811
    ada = browser("ada")
    return lambda name, *args: ada.get(reverse(f"admin:{name}", args=args)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_it_works(page, some_events, name):
    assert "Record not sealed yet" in page(name)
    some_events(1)
    seal_all()
    assert "Record sealed" in page(name)
    verify_in_turn()
    assert "Record verified" in page(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_says_loudly_where_the_record_was_altered(page, some_events, name):
    (event,) = some_events(1)
    seal_all()
    with no_triggers():
        super(type(Event.objects.all()), Event.objects.filter(pk=event.pk)).update(subject="action:2")
    verify_in_turn()
    shown = page(name)
    assert "Record broken" in shown
    assert f"Event {event.pk} was altered: seal 1 proves it." in shown
    assert 'role="alert"' in shown


def test_it_stands_above_one_event_and_one_seal(page, some_events):
    (event,) = some_events(1)
    seal_all()
    assert "Record sealed" in page("audit_event_change", event.pk)
    assert "Record sealed" in page("audit_seal_change", 1)
