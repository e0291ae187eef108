"""What happened to the tasks of the sample studio: comments, retakes, previews, and what clients said; when, see schedule.py."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.sample.rows import Tables, an_id

REMARKS = (
    "The silhouette reads well. Push the pose at frame 1042.",
    "Please lower the key light; the lantern should be the brightest thing.",
    "Good! Ready for the next step.",
    "<img src=x onerror=alert('comment')> the fog pops at the cut",
    'Kept {frame_in}-{frame_out} as briefed; see "notes.txt" & the reference 🙂',
    "لمسة أخيرة على اللون من فضلك",
    "**Bold idea**, but the client wants the earlier version.",
)


PICTURE, FILM = (640, 360), (160, 90)
"""Pixels of the previews that are drawn."""


def add_history(tables: Tables, task: Record, status: Record) -> None:
    """Comments from the first work to the present status, and a preview for each that asks for approval."""
    wip, wfa, retake = (tables.task_statuses[an_id("task_statuses", name)] for name in
                        ("Work In Progress", "Waiting For Approval", "Retake"))  # fmt: skip
    rounds = tables.chance.choice((0, 0, 1, 2))
    path = [wip, *([wfa, retake] * rounds), *([wfa] if status["name"] == "Done" else []), status]
    author = (task["assignees"] or [task["assigner_id"]])[0]
    for step, at in enumerate(path):
        comment = _comment(tables, task, at, author, step)
        if at is wfa:
            _preview(tables, task, comment, author)
    task["retake_count"] = sum(at is retake and before is not retake for before, at in pairwise(path))


def comment_fields(task_id: str, status_id: str, person_id: str, text: str, **more: Any) -> Record:
    """A comment as zou/app/models/comment.py serializes one with relations (Zou 1.0.97)."""
    return {
        "object_id": task_id,
        "object_type": "Task",
        "text": text,
        "data": None,
        "replies": [],
        "checklist": [],
        "pinned": False,
        "links": [],
        "person_id": person_id,
        "editor_id": None,
        "task_status_id": status_id,
        "preview_file_id": None,
        "shotgun_id": None,
        "previews": [],
        "mentions": [],
        "department_mentions": [],
        "acknowledgements": [],
        "attachment_files": [],
        "for_client": False,
        **more,
    }


def preview_fields(task_id: str, revision: int, person_id: str, **more: Any) -> Record:
    """A preview file as zou/app/models/preview_file.py makes one: without a file yet (Zou 1.0.97)."""
    unset = ("shotgun_id", "token_in", "token_out", "url", "uploaded_movie_url", "uploaded_movie_name")
    return {
        "name": f"{task_id[:8]}-v{revision}",
        "original_name": None,
        "revision": revision,
        "position": 1,
        "description": None,
        "path": None,
        "source": "webgui",
        "file_size": 0,
        "status": "processing",
        "validation_status": "neutral",
        "annotations": None,
        "width": 0,
        "height": 0,
        "duration": 0,
        "task_id": task_id,
        "person_id": person_id,
        "source_file_id": None,
        "is_movie": False,
        "extension": "mp4",
        "data": None,
        **dict.fromkeys(unset),
        **more,
    }


def _comment(tables: Tables, task: Record, status: Record, author: str, step: int) -> Record:
    reviewed = status["is_retake"] or status["is_done"]
    person_id = task["assigner_id"] if reviewed else author
    checklist = [{"text": "Check the hands", "checked": step > 1}] if status["is_retake"] else []
    text = tables.chance.choice(REMARKS) if reviewed or tables.chance.random() < 0.4 else ""
    fields = comment_fields(task["id"], status["id"], person_id, text, checklist=checklist)
    return tables.add("comments", "Comment", (task["id"], step), **fields)


def _preview(tables: Tables, task: Record, comment: Record, author: str) -> None:
    revision = sum(row["task_id"] == task["id"] for row in tables.preview_files.values()) + 1
    still = tables.task_types[task["task_type_id"]]["for_entity"] in {"Asset", "Concept"}
    width, height = PICTURE if still else FILM
    fields = preview_fields(
        task["id"],
        revision,
        author,
        original_name=f"still v{revision}" if still else f"playblast v{revision}",
        file_size=tables.chance.randint(20_000, 900_000),
        status="ready",
        width=width,
        height=height,
        extension="png" if still else "mp4",
        duration=0.0 if still else _seconds(tables, task),
    )
    preview = tables.add("preview_files", "PreviewFile", (task["id"], revision), **fields)
    tables.comments[comment["id"]]["previews"] = [preview["id"]]
    task["last_preview_file_id"] = preview["id"]


def _seconds(tables: Tables, task: Record) -> float:
    """As long as the shot, as Zou measures a movie; one in ten is four frames too long. Others: four seconds."""
    frames, fps = tables.entities[task["entity_id"]]["nb_frames"], float(tables.projects[task["project_id"]]["fps"])
    if frames is None:
        return 4.0
    too_many = 4 if int(task["id"][:4], 16) % 10 == 0 else 0
    return float(round((frames + too_many) / fps, 3))


def ask_client(tables: Tables, client: Record, project_id: str) -> None:
    """Of what waits for approval, the client was asked about a few: the question is for them, the answer theirs."""
    waiting = an_id("task_statuses", "Waiting For Approval")
    rows = (row for row in tables.tasks.values() if (row["project_id"], row["task_status_id"]) == (project_id, waiting))
    for task in islice(rows, 6):
        status = tables.task_statuses[waiting]
        asked = _comment(tables, task, status, task["assigner_id"], 90)
        answered = _comment(tables, task, status, client["id"], 91)
        asked["for_client"] = True
        for row, hour in ((asked, 16), (answered, 17)):
            row["created_at"] = row["updated_at"] = task["last_comment_date"] = tables.day(-1, hour)
        answered["text"] = 'We love it. One wish: "warmer" light & <i>less</i> fog?'
