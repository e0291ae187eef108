from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.contract import ActionError, Selection
from actions.filling import fill, names, of_call, of_task
from actions.filling.filters import FILTERS
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.tasks import Preview, Resolution
from tests.actions.filling.calls import call_on

PAGE = Path(__file__).resolve().parents[3] / "docs/variables.md"
GUIDE = ("entity_id", "entity_type", "production_id", "task_id", "project_id")


def test_it_works(a_call):
    """Every variable has a value somewhere in the sample studio, or says why it has none."""
    call = a_call(where=lambda task: task.last_preview and task.assignees)
    variables = of_task(call, call.tasks[0])
    for one in names():
        if "<field>" not in one.name:
            value, why = variables.read(one.name)
            assert value or why, one.name


def test_the_five_of_kitsu_s_guide(a_call):
    call = a_call()
    task = call.tasks[0]
    filled = fill(" ".join(f"{{{name}}}" for name in GUIDE), of_task(call, task))
    assert filled.split() == [task.entity.id, "shot", task.project.id, task.id, task.project.id]


def test_the_documentation_has_every_variable_and_filter():
    rows = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE))
    variables = {f"{{{one.name}}}": one.sentence for one in names()}
    filters = {f"{name}:{one.argument}" if one.argument else name: one.sentence for name, one in FILTERS.items()}
    assert rows == variables | filters


def test_previews_are_read_once_for_all_tasks_and_only_when_asked_for(a_call):
    call, asked = a_call(count=50, where=lambda task: task.last_preview), []

    class Counting:
        def preview_files(self, ids):
            asked.append(sorted(ids))
            return call.kitsu.preview_files(ids)

    counted = replace(call, kitsu=Counting())
    for task in counted.tasks:
        fill("{entity_name} {preview_id}", of_task(counted, task))
    assert asked == []
    for task in counted.tasks:
        fill("{preview_revision} {preview_extension}", of_task(counted, task))
    assert asked == [sorted({task.last_preview.id for task in call.tasks})]


def test_a_preview_that_is_gone_has_no_revision(a_call):
    call = a_call()
    task = replace(call.tasks[0], last_preview=Preview("00000000-0000-4000-8000-000000000000"))
    gone = replace(call, resolution=Resolution((task,), ()))
    with pytest.raises(ActionError, match=r"{preview_revision} has no value for .*: it has no preview"):
        fill("{preview_revision}", of_task(gone, task))


def test_before_the_tasks_are_read_the_selection_is_counted(a_call):
    call = replace(a_call(), resolution=Resolution((), ()), selection=Selection(("a", "b")))
    assert fill("{count} {selection|join:+}", of_call(call)) == "2 a+b"
    with pytest.raises(ActionError, match=r"{entity_name} has no value: no task is selected"):
        fill("{entity_name}", of_call(call))


def test_a_call_by_nobody_names_nobody(a_call):
    with pytest.raises(ActionError, match=r"{person_name} has no value.*: no person made this call"):
        fill("{person_name}", of_call(replace(a_call(), person=None)))


@pytest.mark.parametrize("zone", ["", "Middle-earth/Shire", "../../etc/passwd", "\x00", "Europe"])
def test_an_odd_time_zone_is_utc(a_call, zone):
    call = a_call()
    odd = replace(call, person=replace(call.person, timezone=zone))
    odd._read["now"] = call._read["now"]
    assert fill("{datetime}", of_call(odd)) == "2026-11-21 23:30"


@pytest.mark.parametrize("name", ["clara", "pixelworks", "noa"])
def test_roles_that_see_less_get_sentences(studio, name):
    """Whatever Kitsu blanks or hides is empty with a reason; nothing crashes."""
    call = call_on(studio, name=name)
    for one in names():
        if "<field>" not in one.name:
            value, why = of_task(call, call.tasks[0]).read(one.name)
            assert value or why, one.name


CALL = call_on(SampleStudio())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("{}|:.#'\"[]()!_ ab9\x00é") | st.characters(), max_size=40))
def test_any_text_is_filled_or_refused_in_words(template):
    """Nothing of Python is reached from a template, and nothing else than `ActionError` comes out of one."""
    for text in (template, f"{{{template}}}", f"{{entity_name|{template}}}", f"{{data.{template}}}"):
        try:
            assert isinstance(fill(text, of_task(CALL, CALL.tasks[0])), str)
        except ActionError as error:
            assert str(error)
            assert len(str(error)) < 1200


@pytest.mark.parametrize(
    "name",
    ["entity_name.__class__", "data.__class__", "data.__class__.__mro__", "__import__", "entity_name[0]", "data.keys",
     "task.record", "self", "call.kitsu", "data.frame_in.__len__"],
)  # fmt: skip
def test_nothing_of_python_is_reached(name):
    with pytest.raises(ActionError):
        fill(f"{{{name}}}", of_task(CALL, CALL.tasks[0]))
