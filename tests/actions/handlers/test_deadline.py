"""Jobs for Deadline, sent to a small Web Service."""

from __future__ import annotations

import pytest

from actions.contract import ActionError
from actions.handlers import deadline
from actions.handlers.deadline import Options
from tests.actions.farms.farm_calls import shots
from tests.actions.outside import a_port, a_service

SENT = (200, {}, b'{"_id": "5f1"}')


def options(url="http://farm:8081", **more):
    given = {"plugin": "Blender", "scene": "/proj/{entity_name|path}.blend", "login": "ada", "password": "FARM"}
    return Options(url=url, **(given | more))


def test_it_works():
    sample = shots()
    with a_service(SENT) as web:
        outcome = sample.run(deadline, options(web.url, settings="Version=4.2\nArguments=-n {entity_name}", pool="big"))
    assert outcome.message == "2 of 2 jobs are on Deadline."
    first, task = web.got[0], sample.tasks[0]
    assert first.headers["authorization"] == "Basic YWRhOnMzY3JldA=="
    info, plugin = first.json["JobInfo"], first.json["PluginInfo"]
    assert (info["Frames"], info["Pool"], info["ExtraInfo0"]) == ("1001-1010", "big", f"invocation:{task.id}")
    assert plugin["SceneFile"] == f"/proj/{task.entity.name}.blend"
    assert (plugin["Version"], plugin["Arguments"]) == ("4.2", f"-n {task.entity.name}")


def test_a_person_may_ask_for_other_frames_and_another_priority():
    sample, wished = shots(1), {"frames": "7, 9-12", "priority": 0}
    with a_service(SENT) as web:
        sample.run(deadline, options(web.url, frames="1-2"), **wished)
    info = web.got[0].json["JobInfo"]
    assert (info["Frames"], info["Priority"]) == ("7,9-12", 0)
    assert "frames 7,9-12" in sample.preview(deadline, options(), **wished).steps[0].message
    assert sample.preview(deadline, options(), frames="all").steps[0].blocked


def test_it_foretells_what_it_sends():
    sample = shots()
    plan = sample.preview(deadline, options())
    assert [step.blocked for step in plan.steps] == [False, False]
    assert "frames 1001-1010" in plan.steps[0].message


def test_it_sends_one_job_for_tasks_that_agree():
    sample = shots()
    one = options(scene="/proj/edit.blend", once_for="selection")
    with a_service(SENT) as web:
        sample.run(deadline, options(web.url, scene="/proj/edit.blend", once_for="selection"))
    assert (len(web.got), len(sample.report.done)) == (1, 2)
    assert not any(step.blocked for step in sample.preview(deadline, one).steps)


def test_it_refuses_one_job_for_different_scenes():
    sample = shots()
    assert all(step.blocked for step in sample.preview(deadline, options(once_for="selection")).steps)
    with pytest.raises(ActionError, match="different scenes"):
        sample.run(deadline, options(once_for="selection"))


@pytest.mark.parametrize("name", ['"; rm -rf /', "$(id)", "-x", "%PATH%", "a\\", "<QUOTE>"])
def test_it_lets_no_name_into_a_command_line(name):
    sample = shots(1)
    sample.tasks[0].entity.record["data"]["take"] = name
    (step,) = sample.preview(deadline, options(settings="Arguments=--take {data.take}")).steps
    assert step.blocked


def test_it_keeps_a_value_in_its_line():
    sample = shots(1)
    sample.tasks[0].entity.record["data"]["take"] = "a\nStartupDirectory=/evil"
    with a_service(SENT) as web:
        sample.run(deadline, options(web.url, settings="Arguments={data.take}\nOther={data.take}"))
    plugin = web.got[0].json["PluginInfo"]
    assert plugin.keys() == {"SceneFile", "Arguments", "Other"}
    assert not any("\n" in value for value in plugin.values())


@pytest.mark.parametrize("scene", ["../../etc/passwd", "relative.blend", "/proj/../etc/x", "/a\nb"])
def test_it_refuses_scenes_elsewhere(scene):
    (step,) = shots(1).preview(deadline, options(scene=scene)).steps
    assert step.blocked


def test_it_fails_a_task_without_frames_and_sends_the_others():
    sample = shots()
    record = sample.tasks[0].entity.record
    record["data"], record["nb_frames"] = {}, None
    with a_service(SENT) as web:
        sample.run(deadline, options(web.url))
    assert "no frames" in sample.report.failed[0].message
    assert (len(sample.report.done), len(web.got)) == (1, 1)


def test_it_knocks_once_at_a_farm_that_is_away():
    sample = shots(3)
    with a_port() as port:
        url = f"http://127.0.0.1:{port}"
        outcome = sample.run(deadline, options(url))
    assert outcome.message == "0 of 3 jobs are on Deadline."
    assert {one.message for one in sample.report.failed} == {f"Deadline at {url} is not reached: no connection."}


@pytest.mark.parametrize("more", [{"url": "farm"}, {"settings": "no setting"}, {"scene_key": "a=b"}])
def test_it_says_what_is_wrong_when_the_action_is_saved(more):
    assert list(deadline.wrong(options(**more), {}))
    assert not list(deadline.wrong(options(), {}))
