from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.handlers.export.columns import COLUMNS, MOST_FIELDS, USUAL, custom_field, custom_fields
from kitsu_bridge.kitsu.tasks import Assignee, Named
from tests.actions.making import a_task


def with_data(data, **record):
    task = a_task()
    return replace(task, entity=replace(task.entity, record={"data": data}), record=record)


def read(name, task):
    return COLUMNS[name].read(None, task)


def test_it_works():
    task = replace(
        with_data({"frame_in": "1001", "frame_out": 1048, "fps": "24"}, estimation=90, duration=480, priority=2,
                  due_date="2026-11-21T00:00:00", start_date=None, retake_count=3),
        assignees=(Assignee("a", "Noa"), Assignee("b", "Emile")),
    )  # fmt: skip
    assert {name: read(name, task) for name in ("estimate", "time_spent", "priority", "due_date", "start_date")} == {
        "estimate": 1.5, "time_spent": 8.0, "priority": "Very high", "due_date": date(2026, 11, 21), "start_date": None,
    }  # fmt: skip
    assert [read(name, task) for name in ("frames", "frame_in", "frame_out", "fps", "retakes")] == [
        48,
        "1001",
        1048,
        24,
        3,
    ]
    assert read("assignees", task) == ["Noa", "Emile"]
    assert (read("entity_type", task), read("sequence", task), read("episode", task)) == ("Shot", None, None)
    assert set(USUAL) < set(COLUMNS)


def test_an_asset_has_its_type():
    task = a_task(kind="asset")
    assert read("entity_type", replace(task, entity=replace(task.entity, asset_type=Named("t", "Props")))) == "Props"


@pytest.mark.parametrize("value", [None, "soon", 7, [], {}])
def test_what_is_no_date_is_none(value):
    assert read("due_date", with_data(None, due_date=value)) is None


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        ({"lens": 35}, "data.lens", 35),
        ({"camera": {"lens": 35}}, "data.camera.lens", 35),
        ({"camera.lens": 50, "camera": {"lens": 35}}, "data.camera.lens", 50),
        ({"moves": ["pan", "tilt"]}, "data.moves", ["pan", "tilt"]),
        ({"moves": [1, {"x": None}]}, "data.moves", '[1, {"x": null}]'),
        ({"wet": True}, "data.wet", "yes"),
        ({"huge": 10**400}, "data.huge", "1" + "0" * 400),
        ({"odd": float("inf")}, "data.odd", "Infinity"),
        ({"camera": "x"}, "data.camera.lens", None),
        (None, "data.lens", None),
    ],
)
def test_a_custom_field_is_found_by_its_name(data, name, found):
    assert custom_field(with_data(data), name) == found


def test_custom_fields_are_named_with_commas_or_all():
    tasks = [with_data({"b": 1, "a": 2}), with_data({"c": 3}), with_data(None)]
    assert custom_fields(tasks, "x, data.y,, x") == ["data.x", "data.y"]
    assert custom_fields(tasks, "*") == ["data.a", "data.b", "data.c"]
    assert custom_fields(tasks, "") == []
    assert len(custom_fields([with_data({f"f{n}": n for n in range(300)})], "*")) == MOST_FIELDS
