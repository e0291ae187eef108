"""The parts of the bridge's health that carry calls out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from actions import status
from actions.line.sweeper import sweep
from audit.models import Round
from audit.states import State

pytestmark = pytest.mark.django_db


def test_it_works(an_action, a_queued_invocation):
    action = an_action()
    a_queued_invocation(action)
    for _ in range(2):
        running = a_queued_invocation(action)
        running.move(State.RUNNING, when={State.QUEUED})
    assert status.line().text == "1 queued, 2 running."


def test_it_says_that_the_broker_is_down(settings, monkeypatch):
    settings.EMBEDDED = False
    settings.CELERY_BROKER_URL = "redis://user:hidden-word@127.0.0.1:1/0"
    monkeypatch.setenv("CELERY_BROKER_URL", settings.CELERY_BROKER_URL)  # Celery looks there first.
    found = status.queue()
    assert (found.good, found.where) == (False, "127.0.0.1")
    assert "sent when it is back" in found.text
    assert "hidden-word" not in repr(found)


@pytest.mark.parametrize("embedded", [True, False])
def test_it_says_that_nobody_works(embedded, settings):
    settings.EMBEDDED = embedded
    found = status.workers()
    assert not found.good
    assert "calls are accepted and wait" in found.text


def test_it_says_that_the_sweeper_was_never_there_was_there_and_is_gone():
    assert "yet" in status.sweeper().text
    sweep()
    sweep()
    assert status.sweeper().good
    Round.objects.update(at=timezone.now() - timedelta(hours=3))
    gone = status.sweeper()
    assert not gone.good
    assert "Last round 3 h ago" in gone.text
