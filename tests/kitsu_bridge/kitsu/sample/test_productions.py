from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.sample.productions import FEATURE, PILOT, SHORT, SHOW, SPECIAL
from kitsu_bridge.kitsu.sample.rows import an_id


def kind(tables, row):
    return tables.entity_types[row["entity_type_id"]]["name"]


def test_it_works(tables):
    types = {row["name"]: row["production_type"] for row in tables.projects.values()}
    assert types == {SHORT: "short", SHOW: "tvshow", FEATURE: "featurefilm", PILOT: "shots"}


@pytest.mark.parametrize("wanted", ["Shot", "Sequence", "Episode", "Edit", "Concept", "Characters", "Props", "FX"])
def test_it_has_entities_of_every_kind(tables, wanted):
    assert [row for row in tables.entities.values() if kind(tables, row) == wanted]


def test_its_parents_are_what_they_are_in_kitsu(tables):
    above = {"Shot": {"Sequence"}, "Edit": {"Episode", None}, "Sequence": {"Episode", None}}
    for row in tables.entities.values():
        parent = tables.entities.get(row["parent_id"])
        assert (parent and kind(tables, parent)) in above.get(kind(tables, row), {None})
        assert parent is None or parent["project_id"] == row["project_id"]


def test_its_show_has_assets_of_one_episode_and_of_all(tables):
    show = an_id("projects", SHOW)
    assets = [row for row in tables.entities.values() if row["project_id"] == show and kind(tables, row) not in SPECIAL]
    assert {bool(row["source_id"]) for row in assets} == {True, False}
    assert {kind(tables, tables.entities[row["source_id"]]) for row in assets if row["source_id"]} == {"Episode"}


def test_it_casts_assets_of_the_same_production_in_every_shot(tables):
    for shot in tables.entities.values():
        if kind(tables, shot) == "Shot":
            assert tables.casting[shot["id"]]
            for row in tables.casting[shot["id"]]:
                asset = tables.entities[row["asset_id"]]
                assert (asset["project_id"], asset["name"]) == (shot["project_id"], row["asset_name"])


def test_its_productions_give_some_people_another_role(tables):
    roles = {(tables.persons[one]["role"], role) for team in tables.teams.values() for one, role in team.items()}
    assert {("manager", "supervisor"), ("user", "supervisor"), ("user", "manager"), ("user", None)} <= roles
    assert all(set(row["team"]) == set(tables.teams[row["id"]]) for row in tables.projects.values())


@pytest.mark.parametrize("table", ["projects", "entities"])
def test_it_has_names_that_are_hard_to_print(tables, table):
    names = " ".join(row["name"] for row in getattr(tables, table).values())
    for hard in ("<script>", '"', "{", "&"):
        assert hard in names
    assert any("\u0600" <= letter <= "\u06ff" for letter in names)


def test_it_has_a_name_that_is_too_long_and_data_that_is_nested(tables):
    assert max(len(row["name"]) for row in tables.entities.values()) > 150
    shots = [row["data"] for row in tables.entities.values() if kind(tables, row) == "Shot"]
    assert all(isinstance(data["camera"]["moves"], list) for data in shots)
