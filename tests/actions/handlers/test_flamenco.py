"""Jobs for Flamenco, sent to a small Manager, and one to a real one where KB_LIVE_FLAMENCO names it."""

from __future__ import annotations

import json

import pytest

from actions.contract import ActionError
from actions.farms.contract import FarmAway, FarmRefuses, Farms
from actions.handlers import flamenco
from actions.handlers.flamenco import Options
from actions.handlers.flamenco.paths import PathMap
from actions.testing import call_for
from kitsu_bridge.kitsu.frames import frames_a_second
from tests.actions.clients.flamenco.conftest import fake, farm
from tests.actions.clients.flamenco.fake import HTML, OUTDATED, TAG, refused, said
from tests.actions.farms.farm_calls import Straight, shots
from tests.actions.outside import a_service

__all__ = ["fake", "farm"]

SCENE = "/proj/{entity_name|path}.blend"
DOWN = "http://127.0.0.1:9"


def options(url, *, settings=None, **more):
    given = {"render_output_root": "/proj/out", "chunk_size": 5, **(settings or {})}
    return Options(**({"url": url, "scene": SCENE, "settings": json.dumps(given)} | more))


def many(count):
    """A call about so many tasks on shots."""
    sample = call_for(tasks=count, entity_type="shot")
    sample.desk.drawers[Farms] = Straight()
    for task in sample.tasks:
        task.entity.record["data"] = {"frame_in": 1001, "frame_out": 1010}
    return sample


def reasons(sample):
    return {one.message for one in sample.report.failed}


def test_it_works(fake):
    sample = shots()
    outcome = sample.run(flamenco, options(fake.url, tag="GPU"))
    assert outcome.message == "2 of 2 jobs are on Flamenco."
    assert outcome.link == f"{fake.url}/app/"
    task, job = sample.tasks[0], next(iter(fake.jobs.values()))
    assert (job["type"], job["priority"], job["worker_tag"]) == ("simple-blender-render", 50, TAG)
    assert job["metadata"]["kitsu.mark"] == f"invocation:{task.id}"
    assert (job["metadata"]["kitsu.task"], job["metadata"]["project"]) == (task.id, task.project.name)
    assert job["name"] == f"{task.project.name} / {task.name}"
    settings = job["settings"]
    assert (settings["frames"], settings["chunk_size"]) == ("1001-1010", 5)
    assert settings["blendfile"] == f"/proj/{task.entity.name}.blend"
    assert settings["render_output_path"].startswith("/proj/out/")
    assert settings["render_output_path"].endswith("/{timestamp}/######")
    assert (settings["format"], settings["image_file_extension"], settings["scene"]) == ("PNG", ".png", "Scene")
    assert (settings["add_path_components"], settings["has_previews"], settings["fps"]) == (
        0,
        False,
        frames_a_second(task),
    )


def test_it_runs_on_any_manager(farm):
    """The job type that every Manager has."""
    sample = shots(1)
    echo = Options(url=farm.place, job_type="echo-sleep-test", settings='{"message": "{entity_name}"}', paused=True)
    assert list(flamenco.wrong(echo, {})) == []
    (step,) = sample.preview(flamenco, echo).steps
    assert (step.blocked, "paused at first" in step.message) == (False, True)
    sample.run(flamenco, echo)
    assert len(sample.report.done) == 1
    sent = farm.find(f"invocation:{sample.tasks[0].id}")
    assert farm.look([sent])[sent.id].state == "paused"


def test_what_a_person_says_counts_more(fake):
    sample = shots(1)
    sample.run(flamenco, options(fake.url, frames="1-2"), frames="1005, 1007-1008", priority=0)
    (job,) = fake.jobs.values()
    assert (job["settings"]["frames"], job["priority"]) == ("1005,1007-1008", 0)


def test_a_preview_sends_nothing_and_asks_the_manager(fake):
    sample = shots(3)
    plan = sample.preview(flamenco, options(fake.url))
    assert [step.blocked for step in plan.steps] == [False] * 3
    assert "frames 1001-1010 (10)" in plan.steps[0].message
    assert "Bridge test Flamenco, Flamenco 3.9" in plan.message
    assert (len(fake.checked), fake.jobs) == (3, {})


def test_a_preview_says_what_the_manager_says(fake):
    sample = shots(1)
    checks = iter([refused(400, "no render_output_path setting!")])
    compiled = fake.compiled
    fake.compiled = lambda got: next(checks, None) or compiled(got)
    (step,) = sample.preview(flamenco, options(fake.url)).steps
    assert (step.blocked, "no render_output_path" in step.message) == (True, True)


def test_a_preview_of_many_asks_for_some(fake):
    sample = many(30)
    plan = sample.preview(flamenco, options(fake.url))
    assert (len(plan.steps), len(fake.checked)) == (30, flamenco.FORESEEN)


def test_it_says_in_the_plan_that_nobody_can_work(fake):
    fake.status = "inoperative"
    sample = shots(1)
    assert "No worker of the farm can work" in sample.preview(flamenco, options(fake.url)).message
    sample.run(flamenco, options(fake.url))
    assert [level for level, text in sample.report.lines if "No worker" in text] == ["warning"]


def test_one_job_for_tasks_that_agree(fake):
    sample = shots(3)
    one = options(fake.url, scene="/proj/edit.blend", once_for="selection")
    assert not any(step.blocked for step in sample.preview(flamenco, one).steps)
    sample.run(flamenco, one)
    (job,) = fake.jobs.values()
    assert job["name"].endswith(" and 2 more")
    assert "kitsu.task" not in job["metadata"]
    assert len(sample.report.done) == 3


def test_tasks_that_differ_share_no_job(fake):
    sample = shots(2)
    several = options(fake.url, once_for="selection")
    assert all(step.blocked for step in sample.preview(flamenco, several).steps)
    with pytest.raises(ActionError, match="Send one for each task"):
        sample.run(flamenco, several)
    assert fake.jobs == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [("{blender}", "brace"), ("a}", "brace"), ("..", "|path")],
)
def test_hostile_names_reach_no_setting(fake, name, words):
    sample = shots(1)
    object.__setattr__(sample.tasks[0].entity, "name", name)
    scene = "/proj/{entity_name}/x.blend" if words != "|path" else SCENE
    (step,) = sample.preview(flamenco, options(fake.url, scene=scene)).steps
    sample.run(flamenco, options(fake.url, scene=scene))
    assert step.blocked
    assert reasons(sample) == {step.message}
    assert fake.jobs == {}


def test_no_name_leads_upwards(fake):
    sample = shots(1)
    object.__setattr__(sample.tasks[0].entity, "name", "a/../../etc")
    sample.run(flamenco, options(fake.url, scene="/proj/{entity_name}/x.blend"))
    assert "leads upwards" in reasons(sample).pop()


@pytest.mark.parametrize(
    ("platform", "scene", "good"),
    [
        ("linux", "/proj/a.blend", True),
        ("linux", "{{jobs}}/a.blend", True),
        ("linux", "-y/a.blend", False),
        ("linux", "P:/a.blend", False),
        ("windows", "P:/a.blend", True),
        ("windows", "P:\\a.blend", True),
        ("windows", "//srv/a.blend", True),
        ("windows", "/proj/a.blend", False),
        ("manager", "-y", False),
        ("manager", "P:/a.blend", True),
    ],
)
def test_paths_are_whole_ones_of_their_platform(fake, platform, scene, good):
    root = {"render_output_root": "P:/out" if platform == "windows" else "/out"}
    given = options(fake.url, scene=scene, platform=platform, settings=root)
    (step,) = shots(1).preview(flamenco, given).steps
    assert step.blocked is not good


def test_paths_become_those_of_the_farm(fake):
    sample = shots(1)
    lines = "/proj = P:/proj\n/proj/out = Q:/"
    sample.run(flamenco, options(fake.url, scene="/proj/a.blend", platform="windows", paths=lines))
    (job,) = fake.jobs.values()
    assert job["settings"]["blendfile"] == "P:/proj/a.blend"
    assert job["settings"]["render_output_root"] == "Q:/"
    assert job["settings"]["render_output_path"].startswith("Q:/")


def test_only_whole_folders_are_replaced():
    paths = PathMap.of("/proj = /x\n\n/projects = /y")
    assert [paths(one) for one in ("/proj/a", "/project/a", "/projects", 3)] == ["/x/a", "/project/a", "/y", 3]
    with pytest.raises(ActionError, match="replaces no path"):
        PathMap.of("/proj")


def test_scene_files_that_are_not_there_are_refused(fake, tmp_path):
    (tmp_path / "a.blend").touch()
    sample = shots(1)
    there = options(fake.url, scene=f"{tmp_path}/a.blend", scene_is_seen=True)
    assert not sample.preview(flamenco, there).steps[0].blocked
    gone = options(fake.url, scene=f"{tmp_path}/{'b' * 300}.blend", scene_is_seen=True)
    assert "There is no file" in sample.preview(flamenco, gone).steps[0].message


def test_every_setting_is_checked_before_anything_is_sent(fake):
    sample = shots(1)
    wrong = {"chunk_size": "some", "fromat": "PNG", "add_path_components": 40}
    sample.run(flamenco, options(fake.url, settings=wrong))
    (text,) = reasons(sample)
    assert all(word in text for word in ("whole number", "Did you mean format", "at most 32"))
    assert fake.jobs == {}


def test_an_older_manager_has_other_settings(fake):
    """Settings are made for what the Manager lists: `scene` is new in 3.9."""
    kind = fake.types["simple-blender-render"]
    kind["settings"] = [one for one in kind["settings"] if one["key"] != "scene"]
    shots(1).run(flamenco, options(fake.url))
    assert "scene" not in next(iter(fake.jobs.values()))["settings"]


def test_the_output_has_folders_of_the_scene(fake):
    given = options(fake.url, scene="/proj/sq01/sh010/a.blend", settings={"add_path_components": 2})
    shots(1).run(flamenco, given)
    path = next(iter(fake.jobs.values()))["settings"]["render_output_path"]
    assert path.startswith("/proj/out/sq01/sh010/")


def test_a_shot_without_frames_is_its_own_failure(fake):
    sample = shots(2)
    record = sample.tasks[0].entity.record
    record["data"], record["nb_frames"] = {}, None
    sample.run(flamenco, options(fake.url))
    assert "no frames" in sample.report.failed[0].message
    assert (len(sample.report.done), len(fake.jobs)) == (1, 1)


@pytest.mark.parametrize("frames", ["abc", "-5", "1-99999999", "10-1"])
def test_frames_that_flamenco_cannot_bear_are_not_sent(fake, frames):
    sample = shots(1)
    assert sample.preview(flamenco, options(fake.url), frames=frames).steps[0].blocked
    sample.run(flamenco, options(fake.url), frames=frames)
    assert (len(sample.report.failed), fake.jobs) == (1, {})


def test_a_job_type_without_frames_takes_none(fake):
    sample = shots(1)
    echo = Options(url=fake.url, job_type="echo-sleep-test", settings='{"message": "x"}')
    sample.run(flamenco, echo, frames="1-2")
    assert "have no frames" in reasons(sample).pop()


def test_a_changed_job_type_is_taken_as_it_is_now(fake):
    sample = shots(2)
    compiled, etag = fake.compiled, iter([refused(412, OUTDATED)])
    fake.compiled = lambda got: next(etag, None) or compiled(got)
    sample.run(flamenco, options(fake.url))
    assert (len(sample.report.done), len(fake.jobs)) == (2, 2)
    assert [text for _, text in sample.report.lines if "changed on the Manager meanwhile" in text]


def test_a_changed_job_type_is_read_once_for_a_whole_run(fake):
    """Each job was made by the type as it was when the run began."""
    sample = shots(4)
    submit = fake.submit

    def changing(got):
        found = submit(got)
        fake.types["simple-blender-render"]["etag"] = "new"
        return found

    fake.answer, answer = (lambda got: changing(got) if got.path.endswith("/jobs") else answer(got)), fake.answer
    with a_service(fake.answer) as web:
        sample.run(flamenco, options(web.url))
        asked = [got.path for got in web.got]
    assert len(fake.jobs) == 4
    assert sum(path.endswith("/jobs") for path in asked) == 5  # One of them was refused: 412.
    assert sum("/jobs/type/" in path for path in asked) == 2


def test_a_changed_job_type_that_wants_more_sends_nothing(fake):
    sample = shots(1)
    kind = fake.types["simple-blender-render"]

    def changed(got):
        kind["etag"] = "new"
        kind["settings"].append({"key": "camera", "type": "string", "required": True})
        return refused(412, OUTDATED)

    compiled, first = fake.compiled, iter([changed])
    fake.compiled = lambda got: next(first, compiled)(got)
    sample.run(flamenco, options(fake.url))
    assert "was changed on the Manager. camera is missing" in reasons(sample).pop()
    assert fake.jobs == {}


def test_it_says_when_the_job_type_is_another_than_was_saved(fake):
    sample = shots(1)
    assert "administrator" not in sample.preview(flamenco, options(fake.url)).message
    old = options(fake.url, type_seen="simple-blender-render old")
    assert "was changed on the Manager since" in sample.preview(flamenco, old).message
    sample.run(flamenco, old)
    assert [text for level, text in sample.report.lines if level == "warning" and "administrator" in text]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [(said(200, HTML), FarmRefuses, "no Flamenco"), (said(502, HTML), FarmAway, "trouble")],
)
def test_what_is_no_manager_ends_the_run(fake, answer, kind, words):
    for act in (shots(1).run, shots(1).preview):
        fake.next = [answer]
        with pytest.raises(kind, match=words):
            act(flamenco, options(fake.url))


@pytest.mark.parametrize(
    ("more", "words"), [({"tag": "cpu"}, "It has: gpu"), ({"job_type": "nuke"}, "no job type “nuke”")]
)
def test_a_missing_tag_or_job_type_ends_the_run(fake, more, words):
    with pytest.raises(FarmRefuses, match=words):
        shots(1).run(flamenco, options(fake.url, **more))


def test_a_thousand_tasks_are_not_tried_on_a_manager_that_went_away(fake):
    sample = many(20)
    submit = fake.submit

    def falling(got):
        return said(503, b"busy", **{"Retry-After": "3600"}) if len(fake.jobs) >= 2 else submit(got)

    before = fake.answer

    def answer(got):
        return falling(got) if got.path == "/api/v3/jobs" and got.method == "POST" else before(got)

    with a_service(answer) as web:
        sample.run(flamenco, options(web.url))
        assert sum(one.path == "/api/v3/jobs" for one in web.got) == 3
    assert (len(sample.report.done), len(sample.report.failed)) == (2, 18)


def test_a_secret_goes_to_the_proxy(fake):
    sample = shots(1)
    seen = []
    fake.next = [lambda got: seen.append(got.headers["authorization"]) or said(401, HTML)]
    with pytest.raises(FarmRefuses, match="does not let the bridge in"):
        sample.run(flamenco, options(fake.url, proxy_login="FARM"))
    assert seen == ["Basic czNjcmV0"]


@pytest.mark.parametrize(
    "more",
    [
        {"url": "flamenco:8080"},
        {"settings": "{"},
        {"settings": "[]"},
        {"settings": '{"a": "{entity_nam}"}'},
        {"paths": "/proj"},
    ],
)
def test_options_that_make_no_job_cannot_be_saved(more):
    with pytest.raises(ActionError):
        Options(**({"url": DOWN, "scene": SCENE} | more))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"settings": '{"chunksize": 3}'}, "Did you mean chunk_size"),
        ({"settings": '{"chunk_size": "x", "render_output_root": "/a"}'}, "whole number"),
        ({"settings": "{}"}, "render_output_root: it is missing"),
        ({"scene": ""}, "blendfile: it is missing"),
        ({"scene_key": "file"}, "no setting 'file'"),
        ({"tag": "cpu"}, "no worker tag"),
        ({"job_type": "nuke"}, "It has: simple-blender-render"),
    ],
)
def test_the_manager_is_asked_when_an_action_is_saved(fake, more, words):
    found = list(flamenco.wrong(Options(**({"url": fake.url, "scene": SCENE} | more)), {}))
    assert words in " ".join(found)
    if not more.keys() & {"tag", "job_type"}:
        assert found[-1].startswith("simple-blender-render has the settings frames (text, required)")


def test_an_action_can_be_saved_while_the_manager_is_away(fake):
    assert list(flamenco.wrong(options(fake.url), {})) == []
    assert list(flamenco.wrong(options(DOWN), {})) == []
    assert list(flamenco.wrong(options(DOWN, proxy_login="FARM"), {})) == []
