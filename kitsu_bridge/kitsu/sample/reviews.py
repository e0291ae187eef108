"""Playlists of the sample studio: what was reviewed lately, within the studio and with clients."""

from __future__ import annotations

from typing import Any

from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.sample.people import by_email
from kitsu_bridge.kitsu.sample.productions import SHORT, SHOW
from kitsu_bridge.kitsu.sample.rows import Tables, an_id

PLAYLISTS: tuple[tuple[str, str, str, bool, str], ...] = (
    # production, name, by whom, for clients, task type
    (SHORT, "Dailies Monday", "greta", False, "Animation"),
    (SHORT, 'Client review <1> "final" & more', "hana", True, "Compositing"),
    (SHOW, "Rooftop scenes", "luis", False, "Layout"),
)

AT_MOST = 8
"""Entries of a playlist."""


def add_reviews(tables: Tables) -> None:
    """The playlists."""
    for playlist in PLAYLISTS:
        _playlist(tables, *playlist)


def playlist_fields(name: str, project_id: str, created_by: str, **more: Any) -> Record:
    """A playlist as zou/app/models/playlist.py serializes one (Zou 1.0.97)."""
    return {
        "name": name,
        "project_id": project_id,
        "created_by": created_by,
        "episode_id": None,
        "task_type_id": None,
        "for_client": False,
        "for_entity": "shot",
        "is_for_all": False,
        "build_jobs": [],
        "shots": [],
        **more,
    }


def _playlist(tables: Tables, project: str, name: str, by: str, for_client: bool, task_type: str) -> None:
    project_id, type_id = an_id("projects", project), an_id("task_types", task_type)
    tasks = [
        row
        for row in tables.tasks.values()
        if row["project_id"] == project_id and row["task_type_id"] == type_id and row["last_preview_file_id"]
    ]
    shots = [{"entity_id": row["entity_id"], "preview_file_id": row["last_preview_file_id"]} for row in tasks[:AT_MOST]]
    fields = playlist_fields(
        name,
        project_id,
        by_email(tables, by)["id"],
        for_client=for_client,
        task_type_id=type_id,
        shots=shots,
        is_for_all=project == SHOW,
    )
    tables.add("playlists", "Playlist", (project, name), **fields)
