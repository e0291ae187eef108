"""All variables and the kind `open_url` on a real Zou, as every role sees it."""

from __future__ import annotations

import os
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from actions.admin.trial.choice import choices, task_of
from actions.contract import About, Call, Selection
from actions.filling import fill_url, names, of_task
from actions.handlers.open_url import Options, run
from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.filling.calls import Kept, Settings

pytestmark = pytest.mark.zou


@pytest.fixture(scope="module")
def zou():
    return ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"])


def call_as(zou, role):
    """A call by somebody of this role on all tasks that they see."""
    kitsu = zou.session(zou.log_in(f"{role}@studio.test", os.environ["TEST_ZOU_PASSWORD"]))
    bot = zou.bot()
    ids = [row["id"] for one in bot.projects() for row in bot.project_tasks(one["id"])][:300]
    person, found = Person.from_record(kitsu.whoami()), resolve(kitsu, ids)
    selection = Selection(tuple(task.id for task in found))
    return Call(
        "i", person, True, selection, found, kitsu, Kept(), "https://kitsu", Settings(), About("i", "https://b/")
    )


@pytest.mark.parametrize("role", ["admin", "supervisor", "artist", "vendor", "client"])
def test_it_works(zou, role):
    call = call_as(zou, role)
    assert call.tasks
    plain = [one.name for one in names() if "<field>" not in one.name]
    for task in call.tasks:
        variables = of_task(call, task)
        values = {name: variables.read(name) for name in plain}
        assert all(value or why for value, why in values.values())
        for name in ("entity_name", "entity_type", "task_type_name", "task_status", "project_name", "task_id"):
            assert values[name][0], name


def test_every_task_gets_its_address(zou):
    call = call_as(zou, "admin")
    outcome = run(call, Options("https://ok.studio/{entity_name}/{task_type_short|slug}?{task_url}", once_for="task"))
    results = call.report.results.values()
    assert outcome.message == f"{sum(state == 'done' for state, _, _ in results)} addresses to open."
    assert {urlsplit(data["link"]).netloc for state, _, data in results if state == "done"} == {"ok.studio"}
    assert all("has no value" in message for state, message, _ in results if state == "failed")


def test_metadata_of_shots_is_read(zou):
    call = call_as(zou, "admin")
    task = next(task for task in call.tasks if (task.entity.record.get("data") or {}).get("frame_in"))
    first = str(task.entity.record["data"]["frame_in"])
    assert fill_url("https://ok/{frame_in}-{data.frame_in}-{nb_frames}", of_task(call, task)).startswith(
        f"https://ok/{first}-{first}-"
    )


def test_last_previews_are_read_with_the_persons_right(zou):
    call = call_as(zou, "admin")
    with_one = [task for task in call.tasks if task.last_preview]
    for task in with_one:
        assert of_task(call, task).read("preview_revision")[0]
    assert with_one or of_task(replace(call), call.tasks[0]).read("preview_revision") == ("", "it has no preview")


def test_tasks_to_try_on_are_offered_and_found(zou):
    kitsu = zou.session(zou.log_in("admin@studio.test", os.environ["TEST_ZOU_PASSWORD"]))
    offered = choices(kitsu, "somebody")
    assert offered.task in dict(offered.tasks)
    task = task_of(kitsu, offered.task, "")
    assert task.id == offered.task
    page = f"https://kitsu/productions/{task.project.id}/shots/{task.entity.id}"
    assert task_of(kitsu, "", page).entity.id == task.entity.id
    assert task_of(kitsu, "", "https://kitsu/productions/00000000-0000-4000-8000-000000000000/") is None
