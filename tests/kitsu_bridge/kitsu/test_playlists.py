"""What playlists are in Kitsu, without one."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.errors import KitsuRefuses
from kitsu_bridge.kitsu.playlists import PLAYLIST_NAME, couples, create_numbered, fitting, kind_of, place
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.tasks import Named

SHOW = Named("p", "Show", {"production_type": "tvshow"})
E1, E2 = Named("e1", "E01"), Named("e2", "E02")


def test_it_works():
    row = {"shots": [{"entity_id": "a", "preview_file_id": "1"}, {"id": "b"}]}
    assert couples(row) == {("a", "1"), ("a", ""), ("b", "")}
    assert couples({"shots": None}) == set()
    assert kind_of({"for_entity": None}) == "shot"


@pytest.mark.parametrize(
    ("project", "episodes", "expected"),
    [
        (Named("p", "Short", {"production_type": "short"}), [E1, E2], {}),
        (SHOW, [E1, E1], {"episode_id": "e1"}),
        (SHOW, [E1, E2], {"is_for_all": True}),
        (SHOW, [None, E2], {"is_for_all": True}),
        (SHOW, [None], {}),
        (SHOW, [], {}),
    ],
)
def test_it_knows_where_kitsu_lists_one(project, episodes, expected):
    assert place(project, episodes) == expected


def test_it_cuts_names():
    assert fitting("x" * 100, " (assets)") == "x" * 71 + " (assets)"
    assert len(fitting("x" * 100, "y" * 100)) == PLAYLIST_NAME
    assert fitting("Review") == "Review"


def test_it_numbers_names_within_an_episode_only():
    studio = SampleStudio()
    kitsu = studio.bot()
    show = kitsu.projects()[1]["id"]
    episode = next(row for row in kitsu.project_entities(show, "Episode"))["id"]
    data = {"name": "Dailies", "project_id": show}
    assert [create_numbered(kitsu, data)["name"] for _ in range(2)] == ["Dailies"] * 2
    names = [create_numbered(kitsu, data | {"episode_id": episode})["name"] for _ in range(3)]
    assert names == ["Dailies", "Dailies 2", "Dailies 3"]


def test_it_gives_up_on_a_name_that_is_taken_too_often():
    studio = SampleStudio()
    kitsu = studio.bot()
    show = kitsu.projects()[1]["id"]
    episode = kitsu.project_entities(show, "Episode")[0]["id"]
    data = {"name": "Dailies", "project_id": show, "episode_id": episode}
    for _ in range(19):
        create_numbered(kitsu, data)
    with pytest.raises(KitsuRefuses, match="19 playlists by the name"):
        create_numbered(kitsu, data)
