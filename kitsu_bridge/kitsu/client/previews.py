"""Previews and their files in a real Zou (zou/app/blueprints/previews and tasks in 1.0.97)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kitsu_bridge.kitsu.client.session import ZouSession, the_id
from kitsu_bridge.kitsu.errors import KitsuForbids
from kitsu_bridge.kitsu.reading import Record

THUMBNAIL = 4 * 1024 * 1024
"""Bytes of a thumbnail: Zou makes them 150 pixels wide."""

PICTURE = 16 * 1024 * 1024
"""Bytes of a large picture: Zou makes them 1,200 pixels wide (zou/app/utils/thumbnail.py in 1.0.97)."""


class ZouPreviews(ZouSession):
    """The previews of `Writing` over HTTP."""

    def create_preview(self, task_id: str, comment_id: str, *, person_id: str = "") -> Record:
        """`POST /actions/tasks/<id>/comments/<id>/add-preview`, which signs with the account of the session."""
        path = f"actions/tasks/{the_id(task_id)}/comments/{the_id(comment_id)}/add-preview"
        row = dict(self._send("POST", path, {}))
        if not person_id or row.get("person_id") == person_id:
            return row
        try:
            return dict(self._send("PUT", f"data/preview-files/{row['id']}", {"person_id": person_id}))
        except KitsuForbids:
            return row

    def upload_preview(self, preview_id: str, path: Path) -> Record:
        """`POST /pictures/preview-files/<id>`, whatever the file is; its name's ending says what."""
        return dict(self._upload(f"pictures/preview-files/{the_id(preview_id)}", {}, [("file", path)]))

    def set_main_preview(self, preview_id: str) -> Record:
        """`PUT /actions/preview-files/<id>/set-main-preview`."""
        return dict(self._send("PUT", f"actions/preview-files/{the_id(preview_id)}/set-main-preview", {}))

    def preview_content(self, preview: Record, largest: int) -> Iterator[bytes]:
        """`GET /pictures/originals/preview-files/<id>/download`, which serves movies as well."""
        return self._stream(f"pictures/originals/preview-files/{the_id(preview['id'])}/download", largest)

    def thumbnail(self, preview_id: str, *, large: bool = False) -> bytes:
        """`GET /pictures/thumbnails/preview-files/<id>.png`, or `previews` instead of `thumbnails`."""
        size, largest = ("previews", PICTURE) if large else ("thumbnails", THUMBNAIL)
        return b"".join(self._stream(f"pictures/{size}/preview-files/{the_id(preview_id)}.png", largest))
