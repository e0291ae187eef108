"""Check the selection or its whole productions for what is missing, late or contradictory.

No estimate, overdue, nobody assigned, status and preview that disagree, frame ranges that are missing or differ from the
preview, nothing cast, and whatever checks a studio adds. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from actions.contract import ActionError, Call, CheckName, Field, Kept, Outcome, TaskTypeId
from actions.quality import Check, Facts, Finding, Look, checks
from actions.registry import handler
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.order import in_order
from kitsu_bridge.kitsu.resolve import resolve_production
from kitsu_bridge.kitsu.tasks import Task
from kitsu_bridge.sheets import csv_lines

SHOWN = 100
"""Findings of one check that the page shows; the file has them all."""

HEADER = ("Check", "Severity", "Production", "Task", "Finding", "Link", "Task id")


@dataclass(frozen=True)
class Options:
    """What the studio lets pass."""

    tolerance: Annotated[
        int,
        Field(label="Frames a preview may differ", unit="frames", least=0, most=100, help="Slates and handles."),
    ] = 0
    without_preview: Annotated[
        tuple[TaskTypeId, ...], Field(label="Task types without previews", help="Writing, or recording of voices.")
    ] = ()


@dataclass(slots=True)
class Found:
    """What is found while it goes on: findings by the names of checks."""

    look: Look = field(default_factory=Look)
    by_check: dict[str, list[Finding]] = field(default_factory=dict)
    by_task: list[tuple[Task, list[Finding]]] = field(default_factory=list)
    tasks: int = 0

    @property
    def count(self) -> int:
        """All findings."""
        return sum(map(len, self.by_check.values()))


@handler(title="Quality check")
def run(
    call: Call,
    options: Options,
    *,
    of: Annotated[
        Literal["selection", "production"],
        Field(label="Check", choices=(("selection", "The selected tasks"), ("production", "Their whole productions"))),
    ] = "selection",
    only: Annotated[tuple[CheckName, ...], Field(label="Checks", help="None chosen: all of them.")] = (),
) -> Outcome:
    """Read what is needed once, look at each task, and group what is found by check."""
    chosen = _chosen(only)
    found = Found()
    for tasks in _parts(call, of):
        _check(call, tasks, chosen, options, found)
    kept = _kept(call, found) if found.count else None
    for task, findings in found.by_task:  # At the end: a check that broke off is made anew, with all of its tasks.
        _tell(call, task, findings)
    return Outcome(_sentence(found), data=_page(call, chosen, found, kept))


def _chosen(names: Sequence[str]) -> tuple[Check, ...]:
    table = checks()
    unknown = [name for name in names if name not in table]
    if unknown:
        raise ActionError(f"There is no check {unknown[0][:60]!r}. There are: {', '.join(table)}.")
    return tuple(one for name, one in table.items() if not names or name in names)


def _parts(call: Call, of: str) -> Iterator[Sequence[Task]]:
    """The tasks to look at: the selection, or one production after the other."""
    if of == "selection":
        yield call.tasks
        return
    for project in {task.project.id: task.project for task in call.tasks}.values():
        call.stop_if_cancelled()
        call.log(f"Reading {project.name}.")
        yield in_order(resolve_production(call.kitsu, project.id))


def _check(call: Call, tasks: Sequence[Task], chosen: Collection[Check], options: Options, found: Found) -> None:
    """Look at these tasks; each of the selection will have a result, of the others those where something is found."""
    facts = Facts(call.kitsu, tasks, _today(call), options.tolerance, frozenset(options.without_preview))
    selected = {task.id for task in call.tasks}
    for number, task in enumerate(tasks, 1):
        call.stop_if_cancelled()
        findings = found.look.at(task, chosen, facts, _roles(call, task))
        for finding in findings:
            found.by_check.setdefault(finding.check.name, []).append(finding)
        found.tasks += 1
        if findings or task.id in selected:
            found.by_task.append((task, findings))
        call.progress(number, len(tasks), "Checking")


def _tell(call: Call, task: Task, findings: Sequence[Finding]) -> None:
    if not findings:
        call.task_done(task, "Nothing was found.")
        return
    text = "; ".join(f"{one.check.title}: {one.text}" for one in findings)
    call.task_done(task, text, link=task_link(call.kitsu_url, task), checks=[one.check.name for one in findings])


def _today(call: Call) -> date:
    """The person's day: what is due today is not overdue where they are."""
    with suppress(ValueError, OSError, LookupError):  # Kitsu takes any text for a time zone.
        return datetime.now(ZoneInfo(call.person.timezone if call.person else "UTC")).date()
    return datetime.now(UTC).date()


def _roles(call: Call, task: Task) -> set[str]:
    """The stricter of two roles counts; a studio manager has one."""
    return {call.person.role, call.person.role_in(task.project.id)} if call.person else set()


def _kept(call: Call, found: Found) -> Kept:
    rows = (_row(call, finding) for findings in found.by_check.values() for finding in findings)
    return call.keep("findings.csv", csv_lines(HEADER, rows, mark=True), "text/csv; charset=utf-8")


def _row(call: Call, finding: Finding) -> tuple[str, ...]:
    check, task = finding.check, finding.task
    link = task_link(call.kitsu_url, task)
    return check.title, check.severity, task.project.name, task.name, finding.text, link, task.id


def _page(call: Call, chosen: Collection[Check], found: Found, kept: Kept | None) -> dict[str, Any]:
    """What the page shows: every check with its count, the first of its findings, and where all of them are."""
    projects = {task.project.id for task in call.tasks}
    return {
        "groups": [_group(call, one, found, several=len(projects) > 1) for one in chosen],
        "file": kept.url if kept else "",
        "broken": [{"title": checks()[name].title, "error": error} for name, error in found.look.broken.items()],
        "tasks": found.tasks,
        "count": found.count,
    }


def _group(call: Call, one: Check, found: Found, *, several: bool) -> dict[str, Any]:
    findings = found.by_check.get(one.name, [])
    return {
        "name": one.name,
        "title": one.title,
        "sentence": one.sentence,
        "severity": one.severity,
        "count": len(findings),
        "looked": found.look.looked[one.name],
        "hidden": found.look.hidden[one.name],
        "more": max(0, len(findings) - SHOWN),
        "findings": [_line(call, finding, several=several) for finding in findings[:SHOWN]],
    }


def _line(call: Call, finding: Finding, *, several: bool) -> dict[str, str]:
    task = finding.task
    name = f"{task.project.name} / {task.name}" if several else task.name
    return {"task": name, "text": finding.text, "link": task_link(call.kitsu_url, task)}


def _sentence(found: Found) -> str:
    tasks = f"{found.tasks:,} task{'' if found.tasks == 1 else 's'}"
    if not found.count:
        return f"Nothing was found at {tasks}."
    kinds = len(found.by_check)
    return f"{found.count:,} finding{'' if found.count == 1 else 's'} by {kinds} check{'' if kinds == 1 else 's'} at {tasks}."
