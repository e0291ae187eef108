"""Times on a logarithmic scale, so that medians of millions of runs need a few hundred numbers: right within five per cent."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

from django.db.models import Expression, F, FloatField, SmallIntegerField
from django.db.models.functions import Cast, Floor, Greatest, Ln

from audit.models.generated import SecondsBetween

FACTOR = 1.1
"""From one step to the next."""

SHORTEST = 0.01
"""Seconds; whatever is shorter counts as that."""

RUNNING = F("seconds")
WAITING = SecondsBetween("started_at", "queued_at", output_field=FloatField())
"""In the queue, until a worker took it. Waiting for a person is not in it."""


def step_of(seconds: Expression | F) -> Expression:
    """The step of a time, as the database works it out."""
    longer = Greatest(seconds, SHORTEST, output_field=FloatField())
    return Cast(Floor(Ln(longer) / log(FACTOR)), SmallIntegerField())


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """Seconds below which this share of the runs stayed; None where there are none. `counts`: how many, by step."""
    wanted = share * sum(counts.values())
    passed = 0
    for step in sorted(counts):
        passed += counts[step]
        if passed >= wanted and passed:
            return float(FACTOR ** (step + 0.5))
    return None
