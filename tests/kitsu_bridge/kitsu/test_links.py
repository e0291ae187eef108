"""Links into Kitsu's own pages."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.links import playlist_link, task_type_page
from kitsu_bridge.kitsu.tasks import Named

SHORT = Named("p", "Short", {"production_type": "short"})
SHOW = Named("p", "Show", {"production_type": "tvshow"})


@pytest.mark.parametrize(
    ("project", "playlist", "path"),
    [
        (SHORT, {"id": "l"}, "productions/p/playlists/l"),
        (SHORT, {"id": "l", "is_for_all": True}, "productions/p/playlists/l"),
        (SHOW, {"id": "l", "episode_id": "e"}, "productions/p/episodes/e/playlists/l"),
        (SHOW, {"id": "l", "is_for_all": True}, "productions/p/episodes/all/playlists/l"),
        (SHOW, {"id": "l", "episode_id": None}, "productions/p/episodes/main/playlists/l"),
    ],
)
def test_it_works(project, playlist, path):
    assert playlist_link("https://kitsu.studio", project, playlist) == f"https://kitsu.studio/{path}"
    assert playlist_link("", project, playlist) == ""


@pytest.mark.parametrize(
    ("kind", "below", "path"),
    [
        ("shot", "", "productions/p/shots/task-types/t"),
        ("asset", "main", "productions/p/episodes/main/assets/task-types/t"),
        ("episode", "e", "productions/p/episodes/task-types/t"),
    ],
)
def test_task_types_have_a_page(kind, below, path):
    assert task_type_page("https://kitsu.studio", "p", kind, "t", below) == f"https://kitsu.studio/{path}"
    assert (
        task_type_page("", "p", kind, "t", below) == task_type_page("https://kitsu.studio", "p", "concept", "t") == ""
    )
