"""Assets by what a person writes, in the sample studio and in a real Zou."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.assets import NoSuchAsset, find_assets
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.tasks import Named


def a_project(bot):
    """The first production that has assets."""
    row = next(row for row in bot.projects() if bot.project_entities(row["id"], "Asset"))
    return Named(row["id"], row["name"], row)


@pytest.fixture
def sample():
    return SampleStudio()


def test_it_works(kitsu):
    bot = kitsu.studio.bot()
    project = a_project(bot)
    row = bot.project_entities(project.id, "Asset")[0]
    (asset,) = find_assets(bot, project, [row["id"]])
    assert (asset.id, asset.name) == (row["id"], row["name"])
    assert find_assets(bot, project, [asset.path.upper(), f" {asset.name} "]) == [asset, asset]


def test_it_names_the_nearest(sample):
    bot = sample.bot()
    with pytest.raises(NoSuchAsset, match=r"“Lantren” in The Lantern Keeper. Did you mean “Props / Lantern”"):
        find_assets(bot, a_project(bot), ["Lantren"])
    with pytest.raises(NoSuchAsset, match=r"There is no asset “zzzz” in The Lantern Keeper\.$"):
        find_assets(bot, a_project(bot), ["zzzz"])


def test_it_asks_which_one_is_meant(sample):
    bot = sample.bot()
    rows = [row for row in bot.project_entities(a_project(bot).id, "Asset") if row["name"] in {"Lantern", "Keeper"}]
    for row in rows:
        sample.tables.entities[row["id"]]["name"] = "Twin"
    with pytest.raises(NoSuchAsset, match=r"may be “Characters / Twin” or “Props / Twin”. Write which."):
        find_assets(bot, a_project(bot), ["twin"])
    assert find_assets(bot, a_project(bot), ["props / twin"])[0].type == "Props"


def test_it_takes_assets_that_another_production_shares(sample):
    bot = sample.bot()
    mine, other = (bot.projects()[place] for place in (0, 1))
    row = bot.project_entities(other["id"], "Asset")[0]
    project = Named(mine["id"], mine["name"])
    with pytest.raises(NoSuchAsset):
        find_assets(bot, project, [row["id"]])
    sample.tables.entities[row["id"]]["is_shared"] = True
    assert find_assets(bot, project, [row["id"]])[0].id == row["id"]


def test_it_leaves_out_what_was_cancelled(sample):
    bot = sample.bot()
    project = a_project(bot)
    row = bot.project_entities(project.id, "Asset")[0]
    sample.tables.entities[row["id"]]["canceled"] = True
    with pytest.raises(NoSuchAsset):
        find_assets(bot, project, [row["name"]])


def test_hostile_names_are_found_by_their_names(sample):
    bot = sample.bot()
    project = a_project(bot)
    for row in bot.project_entities(project.id, "Asset"):
        assert find_assets(bot, project, [row["name"]])[0].id == row["id"]
