"""A run that has sent jobs to the farm in memory."""

from __future__ import annotations

import pytest

from actions.farms import submitting
from actions.worker.run import carry_out
from tests.actions.farms.memory import MEMORY


@pytest.fixture
def memory_farm(test_kinds, monkeypatch, settings, tmp_path):
    """The farm in memory, empty."""
    settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    MEMORY.clear()
    return MEMORY


@pytest.fixture
def sent(memory_farm, an_action, a_queued_invocation):
    """An invocation that has sent a job for each of its tasks: `sent(2, status_when_done=...)`."""

    def make(count=2, **options):
        invocation = a_queued_invocation(an_action("rendered", options=options), count)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return make
