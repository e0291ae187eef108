"""Show everything that can be known about the selected tasks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from actions.contract import Call, Outcome
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuForbids
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import entity_link, person_link, task_link
from kitsu_bridge.kitsu.tasks import Entity, Task
from kitsu_bridge.kitsu.visibility import BLANK_FOR_CLIENTS

AT_ONCE = 200
"""Tasks whose surroundings are read in one go; between two goes the person can cancel."""

MOST = 200
"""Comments, previews or time spents kept of one task; the newest ones."""

LARGEST = 100_000
"""Characters of JSON kept of one task."""

NOT_SEEN = {
    "client": "As a client you do not see who works on a task, its estimate, dates and time spent; "
    "of the comments, those for clients.",
    "vendor": "As a vendor you see only tasks that are assigned to you, and no casting.",
}


@handler(title="Debug view")
def run(call: Call) -> Outcome:
    """Read comments, previews, time spents and casting for every task, and keep it beside what the call said."""
    for start in range(0, len(call.tasks), AT_ONCE):
        call.stop_if_cancelled()
        tasks = call.tasks[start : start + AT_ONCE]
        surroundings = _surroundings(call, tasks)
        for number, task in enumerate(tasks, start + 1):
            call.task_done(task, task.status.name, **_bounded(_everything(call, task, surroundings)))
            call.progress(number, len(call.tasks), f"Reading {task.project.name}")
    return Outcome(_sentence(call), data={"said": _said(call), "not_seen": _not_seen(call)})


Surroundings = dict[str, dict[str, list[Record]]]
"""`comments`, `previews`, `time_spents`, `casting` -> the id of a task or entity -> rows."""


def _surroundings(call: Call, tasks: Sequence[Task]) -> Surroundings:
    ids = [task.id for task in tasks]
    return {
        "comments": _grouped(_allowed(call, "comments", lambda: call.kitsu.comments(ids)), "object_id"),
        "previews": _grouped(_allowed(call, "previews", lambda: call.kitsu.task_previews(ids)), "task_id"),
        "time_spents": _grouped(_allowed(call, "time spent", lambda: call.kitsu.time_spents(ids)), "task_id"),
        "casting": _casting(call, tasks),
    }


def _casting(call: Call, tasks: Sequence[Task]) -> dict[str, list[Record]]:
    entities = {task.entity.id: task.entity.record for task in tasks}
    try:
        return call.kitsu.casting(entities.values())
    except KitsuForbids:
        call.log("Kitsu does not let you read casting.", "warning")
        return {}


def _allowed(call: Call, what: str, read: Callable[[], list[Record]]) -> list[Record]:
    """What Kitsu does not let the person read is left out, and said."""
    try:
        return read()
    except KitsuForbids:
        call.log(f"Kitsu does not let you read {what}.", "warning")
        return []


def _grouped(rows: Iterable[Record], key: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row.get("created_at") or row.get("date") or ""), reverse=True):
        groups[row[key]].append(row)
    return groups


def _everything(call: Call, task: Task, around: Surroundings) -> dict[str, Any]:
    """The whole tree of one task: first what a person looks for, then Kitsu's own rows."""
    found: dict[str, Any] = {
        "link": task_link(call.kitsu_url, task),
        "said": _beside(call, task),
        "task": task.record,
        "entity": {
            "link": entity_link(call.kitsu_url, task),
            "kind": task.entity.kind,
            "path": task.entity.path,
            **task.entity.record,
        },
        "parents": _parents(task.entity),
        "project": task.project.record,
        "task type": task.task_type.record,
        "status": task.status.record,
        "people": [{"link": person_link(call.kitsu_url, person.id), **person.record} for person in task.assignees],
        "metadata": task.entity.record.get("data") or {},
    }
    keys = {"casting": task.entity.id, "comments": task.id, "previews": task.id, "time_spents": task.id}
    found |= {name: around[name].get(key, [])[:MOST] for name, key in keys.items()}
    role = call.person.role_in(task.project.id) if call.person else ""
    if role == "client":
        found["blanked for clients"] = sorted(BLANK_FOR_CLIENTS)
    return found


def _parents(entity: Entity) -> dict[str, Record]:
    above = {"sequence": entity.sequence, "episode": entity.episode, "asset type": entity.asset_type}
    return {name: parent.record for name, parent in above.items() if parent is not None}


def _beside(call: Call, task: Task) -> dict[str, Any]:
    """What the call said, beside what is true of this task: Kitsu's page knows neither kind nor project for sure."""
    selection = call.selection
    pairs = (
        ("project", selection.project_id, task.project.id),
        ("entity type", selection.entity_type, task.entity.kind),
        ("person", selection.person_id, call.person.id if call.person else ""),
    )
    return {
        name: {"said": said, "is": true, "agree": said.lower() == true.lower()} for name, said, true in pairs if said
    }


def _bounded(found: dict[str, Any]) -> dict[str, Any]:
    """The longest lists are cut until it fits into what one task may keep."""
    while len(json.dumps(found, default=str)) > LARGEST:
        lists = [name for name, value in found.items() if isinstance(value, list) and len(value) > 1]
        if not lists:
            return {"link": found["link"], "said": found["said"], "too large": "Its rows are larger than can be kept."}
        longest = max(lists, key=lambda name: len(json.dumps(found[name], default=str)))
        found = {**found, longest: found[longest][: len(found[longest]) // 2], f"{longest} cut": True}
    return found


def _said(call: Call) -> dict[str, Any]:
    selection = call.selection
    return {
        "person id": selection.person_id,
        "person e-mail": selection.person_email,
        "project": selection.project_id,
        "entity type": selection.entity_type,
        "page": selection.path,
        "server": selection.server,
        "tasks": len(selection.task_ids),
    }


def _not_seen(call: Call) -> list[str]:
    roles = {call.person.role_in(task.project.id) for task in call.tasks} if call.person else set()
    return [sentence for role, sentence in NOT_SEEN.items() if role in roles]


def _sentence(call: Call) -> str:
    tasks, projects = len(call.tasks), len({task.project.id for task in call.tasks})
    text = f"{tasks:,} task{'' if tasks == 1 else 's'} of {projects} production{'' if projects == 1 else 's'}."
    return f"{text} {len(call.missing):,} not there." if call.missing else text
