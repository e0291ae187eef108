"""How long actions wait for a worker and run: medians and the time within which 95 of 100 were done."""

from __future__ import annotations

from collections import Counter, defaultdict

from audit.overview.asked import Asked
from audit.overview.called import actions_called
from audit.overview.grouping import What
from audit.overview.scale import FACTOR, percentile
from audit.overview.sources import Steps
from audit.overview.table import Cell, Column, Row, Table, in_words

EVERYTHING = ""
ALL_RUNS = {"longer": "0"}
"""The log's filter for what ran: behind a median stands all that it is of."""


COLUMNS = (
    Column("runs", "Runs"),
    Column("waiting_50", "Waiting, median", "seconds"),
    Column("waiting_95", "Waiting, 95 %", "seconds"),
    Column("running_50", "Running, median", "seconds"),
    Column("running_95", "Running, 95 %", "seconds"),
)
HELP = (
    "Waiting: in the queue, until a worker took it; not for a person. Running: from there to its end. Half of all runs took at "
    "most the median, 95 of 100 at most the other one; both are right within five per cent. The slowest come first."
)


def durations(asked: Asked) -> Table:
    """Each action, the slowest first."""
    steps = _with_all(asked.source.steps())
    slugs = {slug for slug, _ in steps if slug != EVERYTHING}
    names = actions_called(sorted(slugs))
    rows = [_row(asked, slug, names.get(slug, slug), steps) for slug in slugs]
    rows.sort(key=lambda row: (-float(row.cells[-1].value or 0), row.name))
    if rows:
        rows.append(_row(asked, EVERYTHING, "All actions", steps))
    return Table(
        "times", "The slowest actions", HELP, "Action", COLUMNS, tuple(rows), "bars", ("running_95",), unit="seconds"
    )


def overall(asked: Asked) -> list[tuple[float | None, float | None]]:
    """Of all actions together: the median and the 95 % of waiting, then of running, in seconds."""
    steps = _with_all(asked.source.steps())
    return [_half_and_most(steps.get((EVERYTHING, what), Counter())) for what in (What.WAITING, What.RUNNING)]


def _half_and_most(times: Counter[int]) -> tuple[float | None, float | None]:
    return percentile(times, 0.5), percentile(times, 0.95)


def _with_all(steps: Steps) -> Steps:
    """With all actions together, under no name."""
    found: dict[tuple[str, str], Counter[int]] = defaultdict(Counter, steps)
    for (_, what), times in steps.items():
        found[EVERYTHING, what] = found[EVERYTHING, what] + times
    return found


def _row(asked: Asked, slug: str, name: str, steps: Steps) -> Row:
    waiting, running = (steps.get((slug, what), Counter()) for what in (What.WAITING, What.RUNNING))
    seconds = [*_half_and_most(waiting), *_half_and_most(running)]
    narrowed = {"action": slug} if slug else {}
    longest = {"longer": f"{least}"} if seconds[3] is not None and (least := int(seconds[3] / FACTOR**0.5)) else {}
    runs = running.total()
    ran = asked.log(**narrowed, **ALL_RUNS)
    links = [ran, ran, ran, asked.log(**narrowed, **(longest or ALL_RUNS))]
    found = zip(seconds, links, strict=True)
    cells = [Cell(one, in_words(one, "seconds"), link if one is not None else "") for one, link in found]
    return Row(slug, name, (Cell(runs, in_words(runs, "count"), ran), *cells), ran)
