"""What playlists are in Kitsu: of which entities, by which names, where they are listed, and what stands in one.

After zou/app/models/playlist.py and zou/app/services/playlists_service.py in Zou 1.0.97.
"""

from __future__ import annotations

from collections.abc import Iterable

from kitsu_bridge.kitsu.errors import KitsuRefuses
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.tasks import Named
from kitsu_bridge.kitsu.writing import PLAYLIST_NAME

PLAYED = {"shot": "shots", "asset": "assets", "sequence": "sequences", "edit": "edits", "episode": "episodes"}
"""What a playlist may be of (`VALID_FOR_ENTITY_VALUES`), and how several of them are called."""

MOST_NUMBERS = 20
"""Playlists of one name in one episode; whoever has more wants another name."""

Couple = tuple[str, str]
"""An entity with a preview; with an empty id where any will do. It may stand in a playlist with several, with each once."""


def fitting(name: str, more: str = "") -> str:
    """A name with something behind it, cut so that Zou takes it."""
    more = more[: PLAYLIST_NAME // 2]
    return name[: PLAYLIST_NAME - len(more)] + more


def kind_of(playlist: Record) -> str:
    """The kind of its entities; old playlists do not say that it is shots."""
    return playlist.get("for_entity") or "shot"


def couples(playlist: Record) -> set[Couple]:
    """What stands in it: each entity with its preview, and with none in particular.

    Entries that Kitsu's own page saved have the entity's id as `id`.
    """
    rows = playlist.get("shots") or []
    found = {(row.get("entity_id") or row.get("id") or "", row.get("preview_file_id") or "") for row in rows}
    return found | {(entity, "") for entity, _ in found}


def place(project: Named, episodes: Iterable[Named | None]) -> Record:
    """Where Kitsu lists it in a TV show: with its one episode, with all episodes, or (nothing said) with the main pack."""
    if project.record.get("production_type") != "tvshow":
        return {}
    ids = {episode.id if episode else "" for episode in episodes}
    if len(ids) > 1:
        return {"is_for_all": True}
    (episode_id,) = ids or {""}
    return {"episode_id": episode_id} if episode_id else {}


def create_numbered(kitsu: Kitsu, data: Record) -> Record:
    """A new playlist. Within an episode Zou takes each name once (`playlist_uc`): the next one of a name gets a number."""
    for number in range(1, MOST_NUMBERS):
        name = fitting(data["name"], f" {number}" if number > 1 else "")
        try:
            return kitsu.create_playlist(data | {"name": name})
        except KitsuRefuses:
            if not data.get("episode_id"):
                raise
    raise KitsuRefuses(f"There are {MOST_NUMBERS - 1} playlists by the name “{data['name']}” in this episode already.")
