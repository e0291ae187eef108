"""When things happened in the sample studio: five months of work behind, some ahead, late here and over its estimate there.

What happened is made elsewhere (history.py); here it gets its days, relative to today, the same at every start.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.sample.rows import Tables

MOST_A_DAY = 480
"""Minutes that somebody works in a day."""

Worked = Counter[tuple[str, int]]
"""Minutes of a person on a day."""


def add_schedule(tables: Tables) -> None:
    """Days for every task, its comments and previews, and the time spent between them."""
    said: dict[str, list[Record]] = {}
    for comment in tables.comments.values():
        said.setdefault(comment["object_id"], []).append(comment)
    worked: Worked = Counter()
    for task in tables.tasks.values():
        chance = random.Random(task["id"])  # noqa: S311 - the same days at every start, nothing to guess
        if task["id"] in said:
            days = _days(chance, tables, task, len(said[task["id"]]))
            _happened(tables, task, said[task["id"]], days)
            _spend(chance, tables, task, days, worked)
        _plan(chance, tables, task, days if task["id"] in said else [])


def _days(chance: random.Random, tables: Tables, task: Record, steps: int) -> list[int]:
    """A day for each comment, as so many from today: the last one first, and the others before it."""
    status = tables.task_statuses[task["task_status_id"]]
    late = tables.task_types[task["task_type_id"]]["priority"] / len(tables.task_types)
    last = -chance.randint(1, 9)
    if status["is_done"]:
        last = -1 - int(chance.triangular(0, 115, 45 * (1 - late)))
    found = [last]
    for step in range(steps - 1):
        first = step == steps - 2
        found.insert(0, found[0] - (round(_estimate(task) / 240) + 2 if first else chance.randint(1, 4)))
    return found


def _estimate(task: Record) -> float:
    """Minutes; a day and a half where nobody estimated."""
    return float(task["estimation"] or 720)


def _happened(tables: Tables, task: Record, comments: list[Record], days: list[int]) -> None:
    """As Zou keeps it (`update_task` in zou/app/services/tasks_service.py, 1.0.97)."""
    task["real_start_date"] = tables.day(days[0], 10)
    task["end_date"] = task["done_date"] = None
    for comment, at in zip(comments, days, strict=True):
        status = tables.task_statuses[comment["task_status_id"]]
        when = comment["created_at"] = comment["updated_at"] = task["last_comment_date"] = tables.day(at, 15)
        task["done_date"] = when if status["is_done"] else None
        task["end_date"] = when if status["is_feedback_request"] else task["end_date"] if status["is_done"] else None
        for one in comment["previews"]:
            tables.preview_files[one]["created_at"] = tables.preview_files[one]["updated_at"] = when


def _spend(chance: random.Random, tables: Tables, task: Record, days: list[int], worked: Worked) -> None:
    """What was spent comes to half the estimate or to half more than it; less where the work goes on."""
    done = tables.task_statuses[task["task_status_id"]]["is_done"]
    wanted = _estimate(task) * chance.triangular(0.5, 1.6, 1.0) * (1 if done else chance.uniform(0.3, 1.1))
    for day, person in _shifts(tables, task, days):
        minutes = min(MOST_A_DAY - worked[person, day], 60 * round((wanted - task["duration"]) / 60))
        if minutes > 0:
            worked[person, day] += minutes
            _spent(tables, task, person, day, minutes)


def _shifts(tables: Tables, task: Record, days: list[int]) -> Iterator[tuple[int, str]]:
    """The working days between the first comment and the last, for each of the people who have the task."""
    for day in range(days[0], days[-1] + 1):
        if tables.weekday(day) < 5:
            for person in task["assignees"]:
                yield day, person


def _spent(tables: Tables, task: Record, person: str, day: int, minutes: int) -> None:
    fields = {"task_id": task["id"], "person_id": person, "date": tables.date(day), "duration": minutes}
    tables.add("time_spents", "TimeSpent", (task["id"], person, day), **fields)
    task["duration"] += minutes


def _plan(chance: random.Random, tables: Tables, task: Record, days: list[int]) -> None:
    """Begin and due day. What is done was mostly in time; what is not begun yet is mostly ahead."""
    length = max(1, round(_estimate(task) / 480))
    status = tables.task_statuses[task["task_status_id"]]
    if status["is_done"]:
        due = days[-1] + round(chance.triangular(-6, 8, 2))
    elif days:
        due = round(chance.triangular(-8, 20, 5))
    else:
        due = length + round(chance.triangular(-10, 90, 25))
    task["start_date"] = tables.day(min(due - length, days[0] if days else due))
    if task["due_date"] is not None:
        task["due_date"] = tables.day(due)
