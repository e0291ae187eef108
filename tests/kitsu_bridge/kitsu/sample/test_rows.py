"""The rows of the sample studio are the same at every start, and look like Zou's."""

from __future__ import annotations

import random
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.sample.rows import Tables, an_id

TABLES = [field.name for field in fields(Tables)]


def everything(studio):
    return {name: getattr(studio.tables, name) for name in TABLES}


def all_tasks(kitsu):
    return [row for project in kitsu.projects() for row in kitsu.project_tasks(project["id"])]


def task_ids(kitsu):
    return [row["id"] for row in all_tasks(kitsu)]


def entities(kitsu):
    return kitsu.entities([row["entity_id"] for row in all_tasks(kitsu)])


def with_fields(kitsu):
    return [row for project in kitsu.projects() for row in kitsu.metadata_descriptors(project["id"])]


def playlists(kitsu):
    """Playlists with something in them; in a real Kitsu we make the one."""
    projects = [row["id"] for row in kitsu.projects()]
    if found := [row for one in projects for row in kitsu.playlists(one) if row.get("first_preview_file_id")]:
        return found
    preview = kitsu.task_previews(task_ids(kitsu))[0]
    (task,) = kitsu.tasks([preview["task_id"]])
    made = kitsu.create_playlist({"name": "Rows", "project_id": task["project_id"]})
    kitsu.add_to_playlist(made["id"], [{"entity_id": task["entity_id"], "preview_file_id": preview["id"]}])
    return playlists(kitsu)


READS = {
    "tasks": lambda kitsu: kitsu.tasks(task_ids(kitsu)),
    "entities": entities,
    "entity_types": lambda kitsu: kitsu.entity_types(),
    "persons": lambda kitsu: kitsu.persons(),
    "projects": lambda kitsu: kitsu.projects(),
    "task_types": lambda kitsu: kitsu.task_types(),
    "task_statuses": lambda kitsu: kitsu.task_statuses(),
    "departments": lambda kitsu: kitsu.departments(),
    "comments": lambda kitsu: kitsu.comments(task_ids(kitsu)),
    "task_previews": lambda kitsu: kitsu.task_previews(task_ids(kitsu)),
    "metadata_descriptors": lambda kitsu: with_fields(kitsu),
    "playlists": playlists,
    "playlist": lambda kitsu: [kitsu.playlist_row(row["id"]) for row in playlists(kitsu)],
    "time_spents": lambda kitsu: kitsu.time_spents(task_ids(kitsu)),
}


def test_it_works(tables):
    row = tables.add("departments", "Department", ("Matte",), name="Matte")
    assert tables.departments[row["id"]] is row
    assert (row["id"], row["type"], row["name"]) == (an_id("departments", "Matte"), "Department", "Matte")
    assert datetime.fromisoformat(row["created_at"]) < datetime.now(UTC).replace(tzinfo=None)


def test_it_makes_the_same_rows_at_every_start(made, monkeypatch):
    """Whatever else draws from chance; the day is the only thing in which two starts may differ."""
    first, now, start = everything(made), made.tables.now, Tables.__post_init__

    def started(tables):
        start(tables)
        tables.now = now

    monkeypatch.setattr(Tables, "__post_init__", started)
    random.seed(7)
    assert everything(SampleStudio()) == first


def test_it_gives_every_row_an_id_of_its_own(tables):
    ids = [key for name in TABLES if name not in {"teams", "casting"} for key in getattr(tables, name)]
    assert len(ids) == len(set(ids)) > 3000


@pytest.mark.zou
@pytest.mark.parametrize("table", READS)
def test_its_rows_have_the_fields_of_a_real_zou(made, request, table):
    """Every field that a page may show of a real Kitsu is in the sample too, and none that is invented."""
    studios = (request.getfixturevalue("_real").studio, made)
    theirs, ours = (READS[table](studio.bot())[0] for studio in studios)
    assert set(ours) == set(theirs)
