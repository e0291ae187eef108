from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from audit.states import State

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def a_run(an_invocation):
    """Makes an invocation of noon of a day in March that waited and ran: `a_run(day=10, waited=2, ran=30, state=...)`."""

    def make(name="noa", *, day=10, waited=1.0, ran=10.0, **fields):
        received = NOON.replace(day=day)
        times = {}
        if fields.get("state", State.SUCCEEDED) != State.REFUSED:
            started = received + timedelta(seconds=waited)
            times = {"queued_at": received, "started_at": started, "finished_at": started + timedelta(seconds=ran)}
        given = {"action_slug": "review", "received_at": received, **times, **fields}
        return an_invocation(name, **given)

    return make
