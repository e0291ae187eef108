"""What the bridge tells web services and programs of a call: one JSON document, described in docs/call-url.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from actions.contract import Call
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.tasks import Named, Task

TYPE = "kitsu.action"
"""What receivers tell this message from others by (Standard Webhooks 1.0.0, "Payload structure")."""


def told(call: Call, tasks: Iterable[Task]) -> dict[str, Any]:
    """Who runs which action on what. The same for each try: the time is the moment when the call first asked."""
    now: datetime = call.once("now", lambda: datetime.now(UTC))
    return {
        "type": TYPE,
        "timestamp": now.isoformat(timespec="seconds"),
        "data": {
            "invocation": {"id": call.about.id or call.invocation_id, "url": call.about.url},
            "action": {"name": call.about.action_name},
            "person": _person(call),
            "proven": call.proven,
            "tasks": [_task(call, task) for task in tasks],
        },
    }


def _person(call: Call) -> dict[str, str] | None:
    person = call.person
    return {"id": person.id, "name": person.name, "email": person.email} if person else None


def _task(call: Call, task: Task) -> dict[str, Any]:
    entity = task.entity
    return {
        "id": task.id,
        "name": task.name,
        "url": task_link(call.kitsu_url, task),
        "project": _named(task.project),
        "entity": {
            "id": entity.id,
            "name": entity.name,
            "kind": entity.kind,
            "sequence": _named(entity.sequence),
            "episode": _named(entity.episode),
            "asset_type": _named(entity.asset_type),
        },
        "task_type": _named(task.task_type),
        "status": {**_named_fully(task.status), "short_name": task.status.short_name},
        "assignees": [{**_named_fully(one), "email": one.email} for one in task.assignees],
        "preview_id": task.last_preview.id if task.last_preview else None,
    }


def _named(one: Named | None) -> dict[str, str] | None:
    return _named_fully(one) if one else None


def _named_fully(one: Named) -> dict[str, str]:
    return {"id": one.id, "name": one.name}
