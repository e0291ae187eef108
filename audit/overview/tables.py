"""The tables of the overview, each from the counted days. What they count is said in docs/overview.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from audit.log.form import NONE, UNKNOWN
from audit.log.names import productions_named
from audit.overview.asked import Asked
from audit.overview.called import actions_called, people_called, productions_called
from audit.overview.grouping import Side
from audit.overview.sources import ByKey
from audit.overview.states import GROUPS, WENT_WRONG, Counts, failure_rate
from audit.overview.table import Cell, Column, Row, Table, in_words
from audit.states import Door, State, Trust

TOTAL = Column("total", "All")
RATE = Column("rate", "Failure rate", "share", "#e0604a")
Filter = Mapping[str, str | list[str]]
Narrowed = Callable[[str], Filter]
"""The filters of the log for a key."""

STATES = tuple(Column(group.key, group.label, "count", group.color) for group in GROUPS)
COLUMNS = (TOTAL, *STATES, RATE)
SERIES = tuple(group.key for group in GROUPS)

UNKNOWN_ACTION, NOBODY, NO_PRODUCTION = "No such action", "Nobody knows who", "No task was read"


def by_day(asked: Asked) -> Table:
    """What was asked for on each day, and what came of it."""
    found = asked.source.days()
    rows = [_row(asked, str(day), str(day), found.get(str(day), Counter()), _of_day) for day in asked.days]
    return Table("days", "By day", HELP["days"], "Day", COLUMNS, tuple(rows), "stacked", SERIES)


def by_action(asked: Asked) -> Table:
    """Each action."""
    found = asked.source.by(Side.ACTION)
    names = actions_called(_most_first(found))
    return _ranked(asked, "actions", "By action", "Action", found, names, _of_action, UNKNOWN_ACTION)


def by_person(asked: Asked) -> Table:
    """Each person."""
    found = asked.source.by(Side.PERSON)
    names = people_called(_most_first(found))
    return _ranked(asked, "people", "By person", "Person", found, names, _of_person, NOBODY)


def by_production(asked: Asked) -> Table:
    """Each production; what is about several counts for each of them."""
    found = asked.source.by(Side.PRODUCTION)
    if one := asked.narrowed.get("production"):
        found = {key: found.get(key, Counter()) for key in productions_named(one)}
    names = productions_called(_most_first(found))
    return _ranked(asked, "productions", "By production", "Production", found, names, _of_production, NO_PRODUCTION)


def by_door(asked: Asked) -> Table:
    """Each way in."""
    return _ranked(asked, "doors", "By door", "Door", asked.source.doors(), dict(Door.choices), _of_door, "")


def by_state(asked: Asked) -> Table:
    """Each state by itself."""
    found: Counter[str] = sum(asked.source.doors().values(), Counter())
    every = found.total()
    lines = []
    for state in [one for one in State if found[one]]:
        link = asked.log(state=state)
        part = found[state] / every
        cells = (Cell(found[state], in_words(found[state], "count"), link), Cell(part, in_words(part, "share"), link))
        lines.append(Row(state, state.label, cells, link))
    columns = (TOTAL, Column("part", "Share", "share"))
    return Table("states", "By state", "Where invocations stand.", "State", columns, tuple(lines), "bars", ("total",))


def refusals(asked: Asked) -> Table:
    """Why calls were refused."""
    found = asked.source.by(Side.REASON)
    lines = []
    for code in _most_first(found):
        count = found[code].total()
        link = asked.log(state=State.REFUSED, **({"code": code} if code else {}))
        name = code.replace("_", " ").capitalize() or "No reason code"
        lines.append(Row(code, name, (Cell(count, in_words(count, "count"), link),), link))
    help_text = "Calls that never ran, by the reason. Their pages say it in words."
    return Table("refusals", "Refusals", help_text, "Reason", (TOTAL,), tuple(lines), "bars", ("total",))


def most_failing(asked: Asked) -> Table:
    """The actions of which most fails."""
    whole = by_action(asked)
    rate = whole.columns.index(RATE)
    failing = [row for row in whole.rows if isinstance(row.cells[rate].value, float) and row.cells[rate].value]
    failing.sort(key=lambda row: (-float(row.cells[rate].value or 0), row.name))
    help_text = "Actions by their failure rate: what failed or crashed among what ran to an end."
    return Table("failing", "The most failing actions", help_text, "Action", COLUMNS, tuple(failing), "bars", ("rate",))


def _most_first(found: ByKey) -> list[str]:
    return sorted(found, key=lambda key: (-found[key].total(), key))


def _ranked(
    asked: Asked,
    slug: str,
    title: str,
    about: str,
    found: ByKey,
    names: Mapping[str, str],
    narrowed: Narrowed,
    unnamed: str,
) -> Table:
    """A row for each key, those with most first."""
    rows = [_row(asked, key, names.get(key, key) or unnamed, found[key], narrowed) for key in _most_first(found)]
    return Table(slug, title, HELP[slug], about, COLUMNS, tuple(rows), "stacked", SERIES)


HELP = {
    "days": "Invocations by the day on which they came, and what became of them. Days are those of the studio's time zone.",
    "actions": "Invocations of each action.",
    "people": "Invocations of each person, as Kitsu confirmed or as a call claimed and Kitsu knows.",
    "productions": "Invocations about each production; one about several counts for each of them.",
    "doors": "Invocations by the way in.",
}


def _of_door(door: str) -> Filter:
    return {"door": door}


def _of_action(slug: str) -> Filter:
    return {"action": slug} if slug else {"kind": NONE}


def _of_production(production_id: str) -> Filter:
    return {"production": production_id or NONE}


def _of_person(person_id: str) -> Filter:
    """Without what was only claimed in their name and believed by nobody, which is nobody's here."""
    sure = [str(one) for one in Trust if one]
    return {"person": person_id, "trust": sure} if person_id else {"trust": UNKNOWN}


def _of_day(day: str) -> Filter:
    return {"since": day, "until": day}


def _row(asked: Asked, key: str, name: str, counts: Counts, narrowed: Narrowed) -> Row:
    filters = narrowed(key)
    cells = [_cell(asked, sum(counts.values()), filters)]
    cells += [_cell(asked, _sum(counts, group.states), filters, group.states) for group in GROUPS]
    rate = failure_rate(counts)
    failed = asked.log(**filters, state=sorted(WENT_WRONG)) if rate else ""
    return Row(key, name, (*cells, Cell(rate, in_words(rate, "share"), failed)), asked.log(**filters))


def _cell(asked: Asked, count: int, filters: Filter, states: tuple[State, ...] = ()) -> Cell:
    more = {"state": [str(state) for state in states]} if states else {}
    return Cell(count, in_words(count, "count"), asked.log(**filters, **more) if count else "")


def _sum(counts: Counts, states: Iterable[State]) -> int:
    return sum(counts.get(state, 0) for state in states)
