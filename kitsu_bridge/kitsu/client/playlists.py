"""Playlists in a real Zou (zou/app/blueprints/playlists and crud/playlist.py in 1.0.97)."""

from __future__ import annotations

from collections.abc import Sequence

from kitsu_bridge.kitsu.client.session import ZouSession, the_id
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.writing import PLAYLIST_NAME

PAGE = 20
"""`PLAYLISTS_PAGE_SIZE` in zou/app/services/playlists_service.py."""


class ZouPlaylists(ZouSession):
    """The playlists of `Writing` over HTTP."""

    def playlists(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/playlists?page=`, to the last page."""
        rows: list[Record] = []
        while len(rows) % PAGE == 0:
            page = self._get(f"data/projects/{the_id(project_id)}/playlists", page=len(rows) // PAGE + 1)
            if not page:
                break
            rows += page
        return rows

    def playlist(self, project_id: str, playlist_id: str) -> Record:
        """`GET /data/projects/<id>/playlists/<id>`."""
        return dict(self._get(f"data/projects/{the_id(project_id)}/playlists/{the_id(playlist_id)}"))

    def playlist_row(self, playlist_id: str) -> Record:
        """`GET /data/playlists/<id>`."""
        return dict(self._get(f"data/playlists/{the_id(playlist_id)}"))

    def create_playlist(self, data: Record) -> Record:
        """`POST /data/playlists`, which signs with the account of the session; another `created_by` is set afterwards."""
        if len(data["name"]) > PLAYLIST_NAME:
            raise KitsuRefuses(f"A playlist's name has at most {PLAYLIST_NAME} characters.")
        author = data.get("created_by")
        row = dict(self._send("POST", "data/playlists", {"shots": []} | data))
        if not author or row.get("created_by") == author:
            return row
        try:
            return dict(self._send("PUT", f"data/playlists/{row['id']}", {"created_by": author}))
        except KitsuForbids:
            return row

    def add_to_playlist(self, playlist_id: str, entries: Sequence[Record]) -> Record:
        """`POST /actions/playlists/<id>/add-entities`, all in one request."""
        said = [{"entity_id": one["entity_id"], "preview_file_id": one.get("preview_file_id")} for one in entries]
        return dict(self._send("POST", f"actions/playlists/{the_id(playlist_id)}/add-entities", {"entities": said}))
