"""Playlists of the sample studio."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from kitsu_bridge.kitsu.errors import KitsuRefuses, NotInKitsu
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.reviews import playlist_fields
from kitsu_bridge.kitsu.sample.rows import Tables, moment
from kitsu_bridge.kitsu.sample.session import SampleSession
from kitsu_bridge.kitsu.storable import storable
from kitsu_bridge.kitsu.writing import PLAYLIST_NAME

KINDS = ("shot", "asset", "sequence", "edit", "episode")
"""`VALID_FOR_ENTITY_VALUES` in zou/app/services/playlists_service.py (Zou 1.0.97)."""


class SamplePlaylists(SampleSession):
    """The playlists of `Writing` in memory."""

    def playlists(self, project_id: str) -> list[Record]:
        """Without their entries, newest change first."""
        self._row("projects", project_id)
        rows = sorted(self._having("playlists", "project_id", [project_id]), key=lambda row: row["updated_at"])
        return [_listed(row) for row in reversed(rows)]

    def playlist(self, project_id: str, playlist_id: str) -> Record:
        """With its entries, and what there is to say of their previews (`get_playlist_with_preview_file_revisions`)."""
        row = self.playlist_row(playlist_id)
        if row["project_id"] != project_id:
            raise NotInKitsu
        with self._studio.lock:
            previews = self._tables.preview_files
            return {**row, "shots": [_shown(one, previews.get(one.get("preview_file_id", ""))) for one in row["shots"]]}

    def playlist_row(self, playlist_id: str) -> Record:
        """As it is stored."""
        with self._studio.lock:
            return deepcopy(self._row("playlists", playlist_id))

    def create_playlist(self, data: Record) -> Record:
        """Names may repeat, but not within an episode."""
        tables, data = self._tables, storable(data)
        if len(data["name"]) > PLAYLIST_NAME:
            raise KitsuRefuses(f"A playlist's name has at most {PLAYLIST_NAME} characters.")
        if (data.get("for_entity") or "shot") not in KINDS:
            raise KitsuRefuses(f"for_entity must be one of {', '.join(KINDS)}")
        with self._studio.lock:
            self._row("projects", data["project_id"])
            place = (data["name"], data["project_id"], data.get("episode_id"))
            same = [(one["name"], one["project_id"], one["episode_id"]) for one in tables.playlists.values()]
            if place[2] and place in same:
                raise KitsuRefuses("There is one of this name in the episode.")
            said = {
                name: value for name, value in data.items() if name not in {"name", "project_id", "created_by", "shots"}
            }
            author = data.get("created_by") or self._me_now()
            fields = playlist_fields(data["name"], data["project_id"], author, **said)
            return deepcopy(tables.write("playlists", "Playlist", **fields))

    def add_to_playlist(self, playlist_id: str, entries: Sequence[Record]) -> Record:
        """`add_entities_to_playlist` in zou/app/services/playlists_service.py (Zou 1.0.97)."""
        tables = self._tables
        with self._studio.lock:
            playlist = self._row("playlists", playlist_id)
            for entry in entries:
                shot = _entry(tables, entry, playlist["task_type_id"])
                if shot not in playlist["shots"]:
                    playlist["shots"].append(shot)
            playlist["updated_at"] = moment()
            return deepcopy(playlist)


def _listed(playlist: Record) -> Record:
    """As `build_playlist_dict` gives it: without its entries, with the first one's preview."""
    row = {name: value for name, value in playlist.items() if name not in {"shots", "build_jobs"}}
    first = next((one.get("preview_file_id") for one in playlist["shots"][:1]), None)
    return row | ({"first_preview_file_id": first} if first else {})


def _shown(entry: Record, preview: Record | None) -> Record:
    if preview is None:
        return {"id": entry["entity_id"], "entity_id": entry["entity_id"]}
    names = ("extension", "revision", "width", "height", "duration", "task_id")
    told = {f"preview_file_{name}": preview[name] for name in names}
    return {"id": entry["entity_id"], **entry, **told, "preview_file_status": preview["status"].title()}


def _entry(tables: Tables, said: Record, task_type_id: str | None) -> Record:
    """A preview of another entity is none; without one it is the latest of the entity (`unpin_foreign_preview_files`)."""
    tasks = {
        row["id"]
        for row in tables.tasks.values()
        if row["entity_id"] == said["entity_id"] and task_type_id in (None, row["task_type_id"])
    }
    own = [
        row for row in tables.preview_files.values() if tables.tasks[row["task_id"]]["entity_id"] == said["entity_id"]
    ]
    wanted = next((row["id"] for row in own if row["id"] == said.get("preview_file_id")), None)
    latest = max((row for row in own if row["task_id"] in tasks), key=_age, default=None)
    found = wanted or (latest["id"] if latest else None)
    return {"entity_id": said["entity_id"]} | ({"preview_file_id": found} if found else {})


def _age(preview: Record) -> tuple[int, str]:
    return preview["revision"], preview["created_at"]
