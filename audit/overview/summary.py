"""The few numbers above all tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from audit.overview.asked import Asked
from audit.overview.durations import ALL_RUNS, overall
from audit.overview.states import RAN, WENT_WRONG, failure_rate
from audit.overview.table import in_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with its name, and what is to be known besides."""

    name: str
    text: str
    besides: str = ""
    link: str = ""


def summary(asked: Asked) -> Iterator[Fact]:
    """How many, how much of it failed, how long it took."""
    counts: Counter[str] = sum(asked.source.doors().values(), Counter())
    wrong = sum(counts[state] for state in WENT_WRONG)
    ran = sum(counts[state] for state in RAN)
    yield Fact("Invocations", in_words(counts.total(), "count"), "", asked.log())
    besides = f"{wrong:,} of {ran:,} that ran to an end"
    yield Fact("Failed", in_words(failure_rate(counts), "share"), besides, asked.log(state=sorted(WENT_WRONG)))
    median, most = "Half took at most this", "95 of 100 took at most {}"
    waiting, running = overall(asked)
    for name, (half, nearly_all) in (("Waiting in the queue", waiting), ("Running", running)):
        besides = f"{median}; {most.format(in_words(nearly_all, 'seconds'))}"
        yield Fact(name, in_words(half, "seconds"), besides, asked.log(**ALL_RUNS) if half is not None else "")
