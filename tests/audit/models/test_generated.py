from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.mark.parametrize(("projects", "scope"), [([], ""), (["a"], "a"), (["a", "b"], "*")])
def test_it_works(an_invocation, projects, scope):
    invocation = an_invocation(project_ids=projects)
    invocation.refresh_from_db()
    assert invocation.scope == scope


def test_it_counts_seconds(an_invocation):
    now = timezone.now()
    invocation = an_invocation(started_at=now - timedelta(seconds=90.25), finished_at=now)
    invocation.refresh_from_db()
    assert invocation.seconds == pytest.approx(90.25, abs=0.002)


def test_it_counts_nothing_while_it_runs(an_invocation):
    invocation = an_invocation(started_at=timezone.now())
    invocation.refresh_from_db()
    assert invocation.seconds is None
