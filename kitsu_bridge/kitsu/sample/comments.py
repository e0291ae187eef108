"""Comments of the sample studio: they change the status, the dates and the count of retakes, as Zou's do."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

from kitsu_bridge.kitsu.errors import KitsuError, KitsuRefuses, NotInKitsu
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.history import comment_fields
from kitsu_bridge.kitsu.sample.rows import Tables, moment
from kitsu_bridge.kitsu.sample.session import SampleSession, size_of
from kitsu_bridge.kitsu.storable import storable
from kitsu_bridge.kitsu.writing import Written


class SampleComments(SampleSession):
    """The comments of `Writing` in memory."""

    def post_comments(self, drafts: Sequence[Record]) -> Written:
        """One after the other; what cannot be is named."""
        written = Written()
        for draft in drafts:
            try:
                written.append(self.post_comment(draft))
            except (NotInKitsu, KitsuRefuses) as error:
                written.refused[draft["object_id"]] = str(error)
            except KitsuError as error:
                error.done = list(written)
                raise
        return written

    def post_comment(self, draft: Record, attachments: Sequence[Path] = ()) -> Record:
        """`create_comment` in zou/app/services/comments_service.py (Zou 1.0.97)."""
        tables, draft = self._tables, storable(draft)
        with self._studio.lock:
            task = self._row("tasks", draft["object_id"])
            status = self._row("task_statuses", draft["task_status_id"])
            author = self._row("persons", draft.get("person_id") or self._me_now())
            _refuse_one_retake_too_many(tables, task, status)
            text = draft.get("comment") or ""
            more = {name: deepcopy(draft[name]) for name in ("checklist", "links", "for_client") if draft.get(name)}
            fields = comment_fields(task["id"], status["id"], author["id"], text, **more)
            row = tables.write("comments", "Comment", **fields)
            row["mentions"] = _mentioned(tables, task["project_id"], text)
            row["attachment_files"] = [_attachment(one) for one in attachments]
            before = task["task_status_id"]
            _move_on(task, status, row["created_at"])
            self._tell(task, row, before, status)
            return deepcopy({**row, "task_status": status, "person": author})

    def _tell(self, task: Record, comment: Record, before: str, status: Record) -> None:
        """The events of a comment, ibidem: of it, of the status where it changed, and where that asks for a review."""
        said = {"task_id": task["id"], "person_id": comment["person_id"]}
        more = {"task_status_id": status["id"], "for_client": comment["for_client"]}
        self._happened("comment:new", task, **said, **more, comment_id=comment["id"])
        if before == status["id"]:
            return
        said |= {"new_task_status_id": status["id"], "previous_task_status_id": before}
        self._happened("task:status-changed", task, **said)
        if status["is_feedback_request"]:
            self._happened("task:to-review", task, **said, comment_id=comment["id"])


def _refuse_one_retake_too_many(tables: Tables, task: Record, status: Record) -> None:
    """`_check_retake_capping`, ibidem."""
    limit = tables.projects[task["project_id"]]["max_retakes"]
    own = (tables.entities[task["entity_id"]]["data"] or {}).get("max_retakes")
    if status["is_retake"] and limit and task["retake_count"] >= int(own or limit):
        raise KitsuRefuses("No more retakes allowed on this task")


def _mentioned(tables: Tables, project_id: str, text: str) -> list[str]:
    """`@Full Name` of somebody in the team (`get_comment_mentions`, ibidem)."""
    team = [tables.persons[one] for one in tables.teams[project_id]]
    return [row["id"] for row in team if re.search(f"@{re.escape(row['full_name'])}( |$)", text)]


def _attachment(path: Path) -> Record:
    return {"id": str(uuid.uuid4()), "name": path.name, "size": size_of(path), "extension": path.suffix.lstrip(".")}


def _move_on(task: Record, status: Record, now: str) -> None:
    """`_manage_status_change`, ibidem, and `update_task` in tasks_service.py."""
    changed = task["task_status_id"] != status["id"]
    task["task_status_id"], task["last_comment_date"], task["updated_at"] = status["id"], now, moment()
    if not changed:
        return
    task["retake_count"] += bool(status["is_retake"])
    task["done_date"] = now if status["is_done"] else None
    task["end_date"] = now if status["is_feedback_request"] else task["end_date"] if status["is_done"] else None
    if status["is_wip"] and task["real_start_date"] is None:
        task["real_start_date"] = now
