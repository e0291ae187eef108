"""The kind `metadata`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

import json

import pytest

from actions.contract import ActionError
from tests.actions.handlers.calling import Sample, plan, run


@pytest.fixture
def sample():
    return Sample()


@pytest.fixture
def row(sample):
    return sample.tasks(1)[0]


def data_of(sample, row):
    return sample.tables.entities[row["entity_id"]]["data"]


def test_it_works(sample, row):
    before = dict(data_of(sample, row)) | {"difficulty": None}
    sample.tables.entities[row["entity_id"]]["data"] = dict(before)
    outcome, report = run("metadata", sample.session(), [row["id"]], values="Difficulty = hard")
    assert outcome.message == "Set Difficulty: 1 task done."
    assert report.results[row["id"]][2] == {"before": "Difficulty –", "after": "Difficulty hard"}
    assert data_of(sample, row) == before | {"difficulty": "hard"}


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Difficulty = HARD", "hard"),
        ("weather = <b>storm</b>, fog", "<b>storm</b>,fog"),
        ("Frames to paint = 12", 12),
        ("frames_to_paint = 1,5", 1.5),
        ("Outsourced = yes", "true"),
        ("Outsourced = No", "false"),
        ("Delivery = 2026-04-30", "2026-04-30"),
        ("Brief = https://wiki.test/?a=b", "https://wiki.test/?a=b"),
        ("Remark = <script>{entity_name}</script>", None),
        ("Frames to paint =", None),
        ("Difficulty =", ""),
    ],
)
def test_it_keeps_values_as_kitsu_does(sample, row, line, kept):
    shot = sample.tables.entities[row["entity_id"]]
    shot["data"] = {"difficulty": "easy", "frames_to_paint": 3, "remark": ""}
    _, report = run("metadata", sample.session(), [row["id"]], values=line)
    assert report.ids("done"), report.words()
    name = line.partition("=")[0].strip().lower().replace(" ", "_")
    assert shot["data"][name] == (f"<script>{shot['name']}</script>" if name == "remark" else kept)


def test_people_are_found_by_name_or_e_mail(sample, row):
    for text in ("Juno 🦊 Park", sample.person("juno")):
        data_of(sample, row).pop("lead", None)
        _, report = run("metadata", sample.session(), [row["id"]], values=f"Lead = {text}")
        assert data_of(sample, row)["lead"] == sample.person("juno")
        assert report.results[row["id"]][2]["after"] == "Lead Juno 🦊 Park"


def test_entries_of_a_checklist_are_checked(sample, row):
    run("metadata", sample.session(), [row["id"]], values="Steps = briefed, Splined")
    assert json.loads(data_of(sample, row)["steps"]) == {"Blocked": False, "Splined": True, "Briefed": True}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Difficulty = nightmare", "Difficulty: “nightmare” is none of easy, medium, hard."),
        ("Weather = fog, lava", "Weather: “lava” is none of fog, rain, snow & ice, <b>storm</b>."),
        ("Frames to paint = many", "Frames to paint: “many” is no number."),
        ("Frames to paint = inf", "Frames to paint: “inf” is no number."),
        ("Outsourced = perhaps", "Outsourced: write yes or no, not “perhaps”."),
        ("Delivery = soon", "Delivery: “soon” is no date such as 2026-01-31."),
        ("Brief = javascript:alert(1)", "Brief: “javascript:alert(1)” is no web address."),
        ("Lead = Nobody", "Lead: there is nobody called “Nobody”."),
        (
            "Dificulty = hard",
            "No shot of The Lantern Keeper has a custom field “Dificulty”. Did you mean “Difficulty”?",
        ),
    ],
)
def test_it_blocks_values_that_do_not_fit(sample, row, line, words):
    before = dict(data_of(sample, row))
    found = plan("metadata", sample.session(), [row["id"]], values=line)
    assert [(step.message, step.blocked) for step in found.steps] == [(words, True)]
    _, report = run("metadata", sample.session(), [row["id"]], values=line)
    assert report.results[row["id"]][:2] == ("failed", words)
    assert data_of(sample, row) == before


@pytest.mark.parametrize(
    ("values", "words"), [("", "at least one"), ("Difficulty", "needs a name"), ("a = 1\nA = 2", "twice")]
)
def test_it_refuses_what_is_no_list_of_fields(sample, row, values, words):
    with pytest.raises(ActionError, match=words):
        run("metadata", sample.session(), [row["id"]], values=values)


def test_several_tasks_of_a_shot_write_it_once(sample):
    shots = {row["entity_id"]: row for row in sample.tasks(30)}
    ids = [row["id"] for row in sample.tables.tasks.values() if row["entity_id"] in shots]
    written = []

    class Counts:
        def __init__(self, kitsu):
            self._kitsu = kitsu

        def __getattr__(self, name):
            return getattr(self._kitsu, name)

        def update_entity_data(self, entity_id, data):
            written.append(entity_id)
            return self._kitsu.update_entity_data(entity_id, data)

    _, report = run("metadata", sample.session(), ids, seen_through=Counts, values="Remark = now")
    assert report.ids("done") == set(ids)
    assert sorted(written) == sorted(shots)


def test_two_values_for_one_shot_are_refused(sample, row):
    ids = [one["id"] for one in sample.tables.tasks.values() if one["entity_id"] == row["entity_id"]][:2]
    _, report = run("metadata", sample.session(), ids, values="Remark = {task_type_name}")
    assert report.ids("done") == {ids[0]}
    assert "gets another value with its task" in report.results[ids[1]][1]


def test_a_supervisor_sets_fields_of_the_own_department_only(sample, row):
    greta = sample.session("greta")
    _, report = run("metadata", greta, [row["id"]], values="Lead = Juno 🦊 Park")
    assert report.ids("done"), report.words()
    _, report = run("metadata", greta, [row["id"]], values="Frames to paint = 4")
    assert report.ids("failed") == {row["id"]}
