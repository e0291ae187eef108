"""Opening files that a real Zou names: in metadata, and as a preview's path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.handlers.open_app import Options, preview, run
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.handlers.collecting import call_of
from tests.actions.handlers.test_open_app import Tickets, line

pytestmark = pytest.mark.zou

HOSTILE = '/mnt/proj/a $(id); "b" é <i>.mov'


@pytest.fixture
def shots(zou):
    """A task on each of some shots, whose metadata say where their files are; of the last one it is no path."""
    bot = zou.studio.bot()
    project = next(row for row in bot.projects() if row["production_type"] == "short")
    tasks = resolve(bot, [row["id"] for row in bot.project_tasks(project["id"])]).tasks
    found = list({task.entity.id: task for task in tasks if task.entity.kind == "shot"}.values())[:6]
    paths = [HOSTILE, *(f"/mnt/proj/{number}.mov" for number in range(len(found) - 2)), "-eval"]
    for task, path in zip(found, paths, strict=True):
        bot.update_entity_data(task.entity.id, {"path": path})
    return [task.id for task in found]


@pytest.mark.parametrize("role", ["admin", "supervisor"])
def test_it_works(zou, shots, role):
    call = call_of(zou.session(role), shots)
    outcome = run(call, Options(file="{data.path}"))
    (launch,) = outcome.data["launches"]
    assert len(launch["files"]) == len(shots) - 1
    assert f"'{HOSTILE}'" in line(launch["url"])
    assert call.report.states == {"done": len(shots) - 1, "failed": 1}
    assert "no absolute path" in call.report.results[shots[-1]].message
    assert [step.blocked for step in preview(call, Options(file="{data.path}")).steps] == [False] * (len(shots) - 1) + [
        True
    ]


def test_previews_without_a_path_are_told_so(zou, shots):
    call = replace(call_of(zou.session("admin"), shots), desk=Tickets())
    plan = preview(call, Options(program="launcher", application="nuke"))
    assert {step.blocked for step in plan.steps} == {True}
    assert all("{preview_path} has no value" in step.message for step in plan.steps)
