"""Previews of the sample studio: revisions, the files that people give, and a picture drawn where nobody gave one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from kitsu_bridge.kitsu.errors import KitsuRefuses, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.media import STORED_AS
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.films import film
from kitsu_bridge.kitsu.sample.history import FILM, PICTURE, preview_fields
from kitsu_bridge.kitsu.sample.pictures import PNG, draw, paint
from kitsu_bridge.kitsu.sample.rows import moment
from kitsu_bridge.kitsu.sample.session import SampleSession, size_of

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that the sample studio keeps: in memory, until the process ends."""

PIECE = 256 * 1024

SHOWN = {"png", "mp4"}
"""What becomes a task's last preview, as the first file of its revision (`update_preview_file_info` in tasks_service.py)."""


class SamplePreviews(SampleSession):
    """The previews of `Writing` in memory."""

    def create_preview(self, task_id: str, comment_id: str, *, person_id: str = "") -> Record:
        """`add_preview_file_to_comment` in zou/app/services/comments_service.py (Zou 1.0.97)."""
        tables = self._tables
        with self._studio.lock:
            task, comment = self._row("tasks", task_id), self._row("comments", comment_id)
            of_task = [row for row in tables.preview_files.values() if row["task_id"] == task_id]
            here = [tables.preview_files[one] for one in comment["previews"]]
            revision = here[0]["revision"] if here else max((row["revision"] for row in of_task), default=0) + 1
            position = sum(row["revision"] == revision for row in of_task) + 1
            fields = preview_fields(task["id"], revision, person_id or self._me_now(), position=position)
            row = tables.write("preview_files", "PreviewFile", **fields)
            comment["previews"].append(row["id"])
            return deepcopy(row)

    def upload_preview(self, preview_id: str, path: Path) -> Record:
        """Once for each preview; what is no picture, film or known file Zou refuses and forgets."""
        tables = self._tables
        with self._studio.lock:
            row = self._row("preview_files", preview_id)
            if row["original_name"]:
                raise KitsuRefuses("This preview has its file already.")
            name, _, ending = path.name.rpartition(".")
            if ending.lower() not in STORED_AS:
                del tables.preview_files[preview_id]
                raise KitsuRefuses(f"Wrong file format, extension: {ending}")
            if size_of(path) > LARGEST:
                raise TooLarge(f"The sample studio keeps files of at most {LARGEST:,} bytes.")
            content = tables.files[preview_id] = path.read_bytes()
            row.update(
                original_name=name[:250], extension=STORED_AS[ending.lower()], file_size=len(content), status="ready"
            )
            row["updated_at"] = moment()
            if content.startswith(PNG) and len(content) >= 24:
                row["width"], row["height"] = struct.unpack(">II", content[16:24])
            if row["position"] == 1 and row["extension"] in SHOWN:
                tables.tasks[row["task_id"]]["last_preview_file_id"] = preview_id
            self._happened(
                "preview-file:add-file",
                tables.tasks[row["task_id"]],
                task_id=row["task_id"],
                preview_file_id=preview_id,
                revision=row["revision"],
            )
            return deepcopy(row)

    def set_main_preview(self, preview_id: str) -> Record:
        """The entity's thumbnail."""
        tables = self._tables
        with self._studio.lock:
            task = tables.tasks[self._row("preview_files", preview_id)["task_id"]]
            entity = tables.entities[task["entity_id"]]
            entity["preview_file_id"] = preview_id
            self._happened("preview-file:set-main", task, entity_id=entity["id"], preview_file_id=preview_id)
            return deepcopy({**entity, "preview_file_status": tables.preview_files[preview_id]["status"]})

    def preview_content(self, preview: Record, largest: int) -> Iterator[bytes]:
        """What was given, or the drawn picture."""
        content = self._content(preview["id"])
        if len(content) > largest:
            raise TooLarge(f"{len(content):,} bytes; at most {largest:,} are taken.")
        return (content[start : start + PIECE] for start in range(0, len(content), PIECE))

    def thumbnail(self, preview_id: str, *, large: bool = False) -> bytes:
        """The picture that was given, or a drawn one; of what is neither picture nor film Zou has none."""
        size = (600, 338) if large else (150, 100)
        content = self._content(preview_id)
        if self._row("preview_files", preview_id)["extension"] not in SHOWN:
            raise NotInKitsu
        given = preview_id in self._tables.files and content.startswith(PNG)
        return content if given else draw(preview_id, *size)

    def _content(self, preview_id: str) -> bytes:
        tables = self._tables
        with self._studio.lock:
            row = self._row("preview_files", preview_id)
            if row["status"] == "processing":
                raise NotInKitsu("Kitsu is still making this picture.")
            return tables.files.get(preview_id) or _drawn(row)


def _drawn(preview: Record) -> bytes:
    """A picture or a film, as the row says."""
    if preview["extension"] == "mp4":
        return film(paint(preview["id"], *FILM), preview["duration"])
    return draw(preview["id"], *PICTURE)
