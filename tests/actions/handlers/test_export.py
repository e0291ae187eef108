from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import get_args

import openpyxl
import opentimelineio as otio
import pytest

from actions.contract import ActionError, Cancelled
from actions.handlers import export
from actions.handlers.export import Options
from actions.handlers.export.columns import COLUMNS, ColumnName, custom_fields
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.frames import frames_a_second
from kitsu_bridge.kitsu.order import in_order
from tests.actions.handlers.collecting import Collected, Counting, call_of
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - the sample studio, then a real Zou

ALL = get_args(ColumnName)


@pytest.fixture
def called(kitsu):  # noqa: F811
    """Runs it: `called(format="csv", role="admin", count=5)` -> outcome, call."""

    def run(format="csv", *, role="admin", count=None, tasks=None, report=None, options=None, **parameters):  # noqa: A002
        session = kitsu.session(role)
        call = call_of(session, tasks or kitsu.all_task_ids()[:count], report=report)
        return export.run(call, options or Options(), format=format, **parameters), call

    return run


def only(call):
    ((name, content),) = call.desk.files.items()
    return name, content


def table(call, **more):
    return list(csv.DictReader(io.StringIO(only(call)[1].decode("utf-8-sig"), newline=""), **more))


def test_it_works(called):
    outcome, call = called(count=5)
    name, _ = only(call)
    assert outcome.message.startswith(f"{name} is ready, ")
    assert (outcome.then, outcome.target) == ("download", f"/files/{name}")
    assert name.startswith("Export 20")
    rows = table(call)
    assert [row["Task type"] for row in rows] == [task.task_type.name for task in call.tasks]
    assert [row["Name"].removeprefix("'") for row in rows] == [task.entity.name for task in call.tasks]
    assert call.report.states == {"done": 5}


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_a_table_has_every_column_of_every_task(called, format):  # noqa: A002
    _, call = called(format, columns=ALL, fields="*")
    name, content = only(call)
    if format == "json":
        rows = json.loads(content)
        assert [row["task_id"] for row in rows] == [task.id for task in call.tasks]
        assert list(rows[0]) == [*ALL, *custom_fields(call.tasks, "*")]
    elif format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert (sheet.max_row, sheet.max_column) == (
            len(call.tasks) + 1,
            len(ALL) + len(custom_fields(call.tasks, "*")),
        )
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    else:
        assert [row["Task id"] for row in table(call)] == [task.id for task in call.tasks]
    assert name.endswith(f".{format}")
    assert call.report.states == {"done": len(call.tasks)}
    assert call.report.steps[-1][:2] == (len(call.tasks), len(call.tasks))


def test_names_of_columns_are_those_of_the_table():
    assert set(ALL) == set(COLUMNS)
    assert len({column.title for column in COLUMNS.values()}) == len(COLUMNS)


def test_names_begin_no_formula(called):
    _, call = called(count=3)
    hostile = [replace(task, entity=replace(task.entity, name=f"{sign}cmd|'/C calc'!A0"))
               for sign, task in zip("=+@", call.tasks, strict=True)]  # fmt: skip
    _, call = called(tasks=hostile)
    assert [row["Name"][:2] for row in table(call)] == ["'=", "'+", "'@"]


def test_custom_fields_stand_beside(called):
    _, call = called("json", columns=("entity",), fields="data.frame_in, odd.deep,camera.lens, nothing")
    rows = json.loads(only(call)[1])
    assert set(rows[0]) == {"entity", "data.frame_in", "data.odd.deep", "data.camera.lens", "data.nothing"}
    assert any(row["data.frame_in"] == "1001" for row in rows)
    assert any(row["data.odd.deep"] or row["data.camera.lens"] for row in rows)
    assert not any(row["data.nothing"] for row in rows)


def test_it_asks_kitsu_for_previews_only_where_they_are_shown(kitsu):  # noqa: F811
    session = Counting(kitsu.session("admin"))
    call = call_of(session, kitsu.all_task_ids()[:50])
    session.asked.clear()
    export.run(call, Options(), columns=("entity", "status"))
    assert not session.asked
    export.run(call, Options(), columns=("entity", "revision", "preview"))
    assert session.asked == {"preview_files": 1}


def test_csv_for_excel_has_its_mark_and_separator(called):
    _, call = called(count=2, for_excel=True, columns=("task_id", "assignees"), options=Options(separator="semicolon"))
    assert only(call)[1].startswith(b"\xef\xbb\xbfTask id;Assignees")
    assert [row["Task id"] for row in table(call, delimiter=";")] == [task.id for task in call.tasks]


@pytest.mark.parametrize("format", ["edl", "otio"])
def test_an_editorial_list_has_each_shot_once_and_in_order(called, format):  # noqa: A002
    outcome, call = called(format)
    shots = [task for task in in_order(call.tasks) if task.entity.kind == "shot"]
    by_project = {}
    for task in shots:
        found = by_project.setdefault(task.project.name, [])
        if task.entity.id not in found:
            found.append(task.entity.id)
    assert len(outcome.data["files"]) == len(call.desk.files) == len(by_project)
    rates = {task.project.name: frames_a_second(task) for task in shots}
    for (name, content), project in zip(call.desk.files.items(), by_project, strict=True):
        wanted = by_project[project]
        rate = otio.opentime.RationalTime.nearest_smpte_timecode_rate(rates[project])
        adapter = {"edl": ("cmx_3600", {"rate": rate}), "otio": ("otio_json", {})}[format]
        clips = list(otio.adapters.read_from_string(content.decode(), adapter[0], **adapter[1]).find_clips())
        assert name.endswith(f".{format}")
        assert len(clips) == len(wanted)
        if format == "otio":
            assert [clip.metadata["kitsu"]["entity_id"] for clip in clips] == wanted
            assert any(hasattr(clip.media_reference, "target_url") for clip in clips) or "Lantern" not in project
    states = call.report.states
    assert states["done"] == sum(map(len, by_project.values()))
    assert states["skipped"] == len(call.tasks) - states["done"]


def test_a_shot_without_frame_range_is_failed_and_others_go_on(called):
    _, call = called(count=None)
    shots = [task for task in in_order(call.tasks) if task.entity.kind == "shot"]
    first, *rest = {task.entity.id: task for task in shots}.values()
    record = {**first.entity.record, "nb_frames": 0, "data": {"frame_in": "1010", "frame_out": "abc"}}
    bare = replace(first, entity=replace(first.entity, record=record))
    _, call = called("edl", tasks=[bare, *(task for task in rest if task.project.id == first.project.id)])
    assert call.report.results[bare.id].state == "failed"
    assert "no frame range" in call.report.results[bare.id].message
    assert call.report.states == {"done": len(call.tasks) - 1, "failed": 1}


def test_an_edl_has_one_rate_and_otio_has_many(called):
    _, call = called()
    shots = list({task.entity.id: task for task in call.tasks if task.entity.kind == "shot"}.values())
    shots = [task for task in shots if task.project.id == shots[0].project.id][:4]
    data = {**(shots[1].entity.record["data"] or {}), "fps": "60"}
    shots[1] = replace(shots[1], entity=replace(shots[1].entity, record={**shots[1].entity.record, "data": data}))
    _, call = called("edl", tasks=shots)
    assert "an EDL has one rate" in call.report.results[shots[1].id].message
    assert call.report.states == {"done": 3, "failed": 1}
    _, call = called("otio", tasks=shots)
    assert call.report.states == {"done": 4}


def test_nothing_to_put_into_a_list_is_said(called):
    _, call = called()
    assets = [task for task in call.tasks if task.entity.kind == "asset"][:3]
    outcome, call = called("edl", tasks=assets)
    assert outcome.message.startswith("No file was made")
    assert call.report.states == {"skipped": 3}
    assert not call.desk.files


@pytest.mark.parametrize("role", ["client", "vendor", "user"])
def test_everybody_exports_what_they_see(called, role):
    _, call = called(role=role, columns=ALL)
    assert len(table(call)) == len(call.tasks) > 0
    if role == "client":
        assert {row["Estimate (hours)"] for row in table(call)} == {"0.0"}


@pytest.mark.parametrize("format", export.MAKERS)
def test_a_thousand_tasks_take_few_requests(kitsu, format):  # noqa: A002, F811
    session = Counting(kitsu.session("admin"))
    tasks = list(call_of(session, kitsu.all_task_ids()).tasks)
    many = [replace(task, id=f"{task.id}-{n}") for n in range(1000 // len(tasks) + 1) for task in tasks][:1000]
    session.asked.clear()
    call = call_of(session, many)
    export.run(call, Options(), format=format, columns=ALL)
    assert len(call.report.results) == 1000
    assert session.asked == {"whoami": 1, "preview_files": 1}


def test_it_stops_when_cancelled(called):
    report = Collected(stop_after=2)
    with pytest.raises(Cancelled):
        called("xlsx", report=report)
    assert not report.results


def test_kitsu_away_in_mid_run_leaves_no_file(kitsu):  # noqa: F811
    class Away(Counting):
        def preview_files(self, ids):
            raise KitsuSlow

    call = call_of(Away(kitsu.session("admin")), kitsu.all_task_ids())
    with pytest.raises(KitsuSlow):
        export.run(call, Options(), columns=("revision",))
    assert not call.desk.files
    assert not call.report.results


def test_a_file_name_has_no_folder_and_unknown_variables_are_named(called):
    _, call = called(count=1, options=Options(name="../{task_type_name}\\a"))
    assert only(call)[0] == f"..-{call.tasks[0].task_type.name}-a.csv"
    with pytest.raises(ActionError, match="no variable"):
        called(count=1, options=Options(name="{nothing}"))
