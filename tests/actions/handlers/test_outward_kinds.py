"""The kinds that reach out of the bridge, on the sample studio and on a real Zou."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from actions.handlers import call_url, command, notify
from actions.testing import MemoryDesk
from tests.actions.handlers.collecting import call_of
from tests.actions.mailbox import a_mailbox
from tests.actions.outside import a_service
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - the sample studio, then a real Zou

SETTINGS = {
    "CALL_URL_PRIVATE": ["127.0.0.1"],
    "COMMAND_PROGRAMS": [sys.executable],
    "EMAIL_FROM": "Kitsu Bridge <bridge@studio.example>",
}


@pytest.fixture
def called(kitsu):  # noqa: F811
    """A call of a role on the first tasks that it may see."""

    def make(role="admin", count=30):
        session = kitsu.session(role)
        call = call_of(session, [row["id"] for row in session.tasks(kitsu.all_task_ids())][:count])
        return replace(call, desk=MemoryDesk(SETTINGS, {"HOOK": ""}))

    return make


def test_it_works(called):
    call = called()
    with a_service() as service:
        call_url.run(call, call_url.Options(service.url))
        each = called()
        call_url.run(
            each, call_url.Options(f"{service.url}/{{project_name}}/{{entity_name}}/{{task_id}}", once_for="task")
        )
    told = service.got[0].json["data"]["tasks"]
    assert [one["id"] for one in told] == [task.id for task in call.tasks]
    assert {one["entity"]["name"] for one in told} == {task.entity.name for task in call.tasks}
    assert [got.path.rpartition("/")[2] for got in service.got[1:]] == [task.id for task in each.tasks]
    assert {got.path.count("/") for got in service.got[1:]} == {3}
    assert call.report.states == each.report.states == {"done": len(call.tasks)}


def test_a_program_gets_the_names_as_they_are(called, tmp_path):
    (tmp_path / "show.py").write_text("import json, sys; print(json.dumps(sys.argv[1:]))")
    call = called(count=5)
    arguments = f"{tmp_path}/show.py\n--name={{entity_name}}\n{{task_id}}"
    command.run(call, command.Options(sys.executable, arguments, "task"))
    said = [json.loads(text[text.index('["') :]) for _, text in call.report.lines]
    assert [one[1] for one in said] == [task.id for task in call.tasks]
    assert [one[0].removeprefix("--name=").split() for one in said] == [task.entity.name.split() for task in call.tasks]
    assert call.report.states == {"done": 5}


@pytest.mark.parametrize("role", ["admin", "user"])
def test_mail_goes_to_the_assignees_that_the_person_may_see(called, settings, role):
    call = called(role)
    visible = {one.email.lower() for task in call.tasks for one in task.assignees if one.email}
    with a_mailbox(settings) as box:
        outcome = notify.run(call, notify.Options(to_assignees=True, to_person=True))
    got = [to.lower() for (to,) in box.recipients]
    assert sorted(got) == sorted(visible | {call.person.email})
    assert outcome.data["to"]
    assert call.report.states == {"done": len(call.tasks)}


def test_a_preview_is_what_a_run_sends(called):
    call = called(count=4)
    with a_service() as service:
        options = call_url.Options(f"{service.url}/{{task_id}}", once_for="task", body='{"s": "{task_status}"}')
        plan = call_url.preview(call, options)
        assert not service.got
        call_url.run(call, options)
    sent = [f"POST {service.url}{got.path} {got.body.decode()}" for got in service.got]
    assert [step.message for step in plan.steps] == sent
