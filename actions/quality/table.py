"""The table of checks, and the decorator that puts a function into it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Literal

from actions.quality.facts import Facts
from kitsu_bridge.kitsu.tasks import Task

Severity = Literal["problem", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("problem", "warning", "notice")
"""From what must be mended to what may be meant so."""

Examine = Callable[[Task, Facts], str]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `examine` gives a sentence for what is wrong with a task, the empty text when nothing is."""

    name: str
    title: str
    sentence: str
    severity: Severity
    entity_types: frozenset[str]
    of: Literal["task", "entity"]
    hidden_from: frozenset[str]
    examine: Examine


def check(
    *,
    title: str,
    severity: Severity = "warning",
    entity_types: Collection[str] = (),
    of: Literal["task", "entity"] = "task",
    hidden_from: Collection[str] = (),
) -> Callable[[Examine], Examine]:
    """Put a function into the table, by its name: of two with one name the later counts, so that a studio's replaces ours.

    `entity_types`: those it makes sense for (none: all). `of="entity"`: it asks about the shot or asset, so that of several
    tasks on one only the first is asked. `hidden_from`: roles that Kitsu does not show what it goes by.
    """

    def add(function: Examine) -> Examine:
        sentence = inspect.getdoc(function) or ""
        _table[function.__module__, function.__name__] = Check(
            function.__name__, title, sentence, severity, frozenset(entity_types), of, frozenset(hidden_from), function
        )
        return function

    return add


def checks() -> Mapping[str, Check]:
    """All checks by name, the gravest first."""
    rows = {one.name: one for one in list(_table.values())}
    return MappingProxyType(dict(sorted(rows.items(), key=lambda pair: SEVERITIES.index(pair[1].severity))))


def has_checks(module: ModuleType) -> bool:
    """Whether functions of this module are checks."""
    return any(where == module.__name__ for where, _ in list(_table))


def forget(package: str) -> None:
    """Take the checks of a package's modules out, before they are read again: some may be gone."""
    for key in [key for key in list(_table) if key[0].startswith(f"{package}.")]:
        del _table[key]


_table: dict[tuple[str, str], Check] = {}
"""By module and name."""
