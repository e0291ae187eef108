"""Jobs for Afanasy, sent to a small afserver that dies of what kills the real one."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest

from actions.clients.afanasy import Range
from actions.contract import ActionError
from actions.farms.contract import FarmAway, FarmUnsure
from actions.handlers import afanasy
from actions.handlers.afanasy.jobs import range_of, user_of
from actions.handlers.afanasy.options import Options
from tests.actions.clients.afanasy.server import FakeServer
from tests.actions.farms.farm_calls import shots

RENDER = {
    "name": "render",
    "program": "blender",
    "file": "/mnt/proj/{entity_name}/lighting.blend",
    "output": "/mnt/out/{entity_name}.####",
    "images": "/mnt/out/{entity_name}.@####@.png",
    "frames_per_task": 5,
}
MOVIE = {
    "name": "movie",
    "program": "ffmpeg",
    "after": "render",
    "input": "/mnt/out/{entity_name}.%04d.png",
    "output": "/mnt/out/{entity_name}.mp4",
    "fps": "{fps}",
}
COMMAND = {"name": "do", "program": "generic", "command": ["do", "--shot={entity_name}", "{entity_name}", "@#@"]}


@pytest.fixture
def server():
    fake = FakeServer()
    yield fake
    died = fake.died
    fake.close()
    assert not died


def options(server=None, *blocks, **more):
    given = {"host": server.host, "port": server.port} if server else {"host": "127.0.0.1", "port": 9}
    return Options(**(given | {"blocks": json.dumps(list(blocks or (RENDER, MOVIE)))} | more))


def hostile(sample, name):
    """The first task alone, on a shot of this name."""
    task = sample.tasks[0]
    task = replace(task, entity=replace(task.entity, name=name))
    sample.call = replace(sample.call, resolution=replace(sample.call.resolution, tasks=(task,)))


def sent(server):
    return [message["job"] for message in server.heard if "job" in message]


def test_it_works(server):
    sample = shots()
    outcome = sample.run(afanasy, options(server, working_folder="/mnt/proj", path_mapping="/mnt = /srv", paused=True))
    assert outcome.message == "2 of 2 jobs are on Afanasy."
    job, shot = sent(server)[0], sample.tasks[0].entity.name
    render, movie = job["blocks"]
    where = f"/srv/proj/{shot}/lighting.blend -o '/srv/out/{shot}.####'"
    assert render["command"] == f"blender -b {where} -s '@#@' -e '@#@' -j 1 -a"
    assert (render["frame_first"], render["frame_last"], render["frames_per_task"]) == (1001, 1010, 5)
    assert (render["files"], render["working_directory"]) == ([f"/srv/out/{shot}.@####@.png"], "/srv/proj")
    assert (movie["depend_mask"], movie["errors_retries"], job["offline"]) == ("render", 1, True)
    assert job["hosts_mask_type"] == "regex"
    assert (job["user_name"], job["priority"], job["host_name"]) == ("ada", 99, "kitsu-bridge")


def test_it_foretells_the_commands_and_sends_nothing(server):
    sample = shots()
    plan = sample.preview(afanasy, options(server), frames="10-20x2", priority=7)
    assert [step.blocked for step in plan.steps] == [False, False]
    assert "priority 7" in plan.steps[0].message
    assert "render 10-20: blender -b" in plan.steps[0].message
    assert "movie after render: ffmpeg" in plan.steps[0].message
    assert server.heard == []


def test_what_the_person_says_goes_before_the_action_and_the_shot(server):
    sample = shots()
    sample.run(afanasy, options(server, frames="1-2"), frames="10-20x2", priority=7)
    (job, _) = sent(server)
    block = job["blocks"][0]
    assert (job["priority"], block["frame_first"], block["frame_last"], block["frames_inc"]) == (7, 10, 20, 2)


def test_one_job_for_the_selection_has_blocks_for_each_task(server):
    sample = shots()
    outcome = sample.run(afanasy, options(server, once_for="selection"))
    (job,) = sent(server)
    assert len(job["blocks"]) == 4
    assert job["blocks"][3]["depend_mask"] == job["blocks"][2]["name"] != job["blocks"][0]["name"]
    assert len(sample.report.done) == 2
    assert "and 1 more" in outcome.message


def test_it_sends_nothing_twice(server):
    sample = shots()
    sample.run(afanasy, options(server))
    sample.call = replace(sample.call, done_before=frozenset(task.id for task in sample.tasks))
    sample.run(afanasy, options(server))
    assert len(sent(server)) == 2


@pytest.mark.parametrize(
    "name",
    ["; rm -rf /", "$(id)", "`id`", "a b", "*", "'\"'", "\\", "|id", ">x", "é \U0001f98a", "{task_id}", "%s", "#1"],
)
def test_a_name_stays_one_argument(server, name):
    sample = shots()
    hostile(sample, name)
    sample.run(afanasy, options(server, COMMAND))
    assert shlex.split(sent(server)[0]["blocks"][0]["command"]) == ["do", f"--shot={name}", name, "@#@"]
    sample.run(afanasy, options(server, once_for="selection"))


@pytest.mark.parametrize(
    ("name", "words"),
    [("@#@", "for a frame"), ("a@##", "for a frame"), ("-rf", "for an option"), ("-", "for an option")],
)
def test_it_refuses_a_name_that_means_something(server, name, words):
    sample = shots()
    hostile(sample, name)
    plan = sample.preview(afanasy, options(server, COMMAND))
    sample.run(afanasy, options(server, COMMAND))
    assert words in sample.report.failed[0].message == plan.steps[0].message
    assert server.heard == []


def test_no_frame_comes_about_where_a_name_meets_the_template(server):
    sample = shots()
    hostile(sample, "#")
    block = {"name": "x", "program": "generic", "command": ["do", "@{entity_name}@"]}
    sample.run(afanasy, options(server, block))
    assert "would see frames" in sample.report.failed[0].message


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({}, "no name"),
        ({"name": "x"}, "no program of these"),
        ({"name": "x", "program": "nuke"}, "needs “file”"),
        (RENDER | {"files": "x"}, "“files”"),
        (MOVIE, "waits for a block 'render'"),
        (RENDER | {"frames_per_task": 0}, "frames_per_task"),
        (RENDER | {"service": 'a"b'}, "service"),
        ({"name": "x", "program": "generic", "command": "do {entity_name}"}, "list of its arguments"),
        ({"name": "x", "program": "generic", "command": []}, "list of its arguments"),
        ({"name": "x", "program": "generic", "command": ["{data.tool}"]}, "must not come from a variable"),
        ({"name": "x", "program": "generic", "command": ["bash", "-c", "{entity_name}"]}, "run as a program"),
        ({"name": "x", "program": "generic", "command": ["/usr/bin/python3", "-c", "x{fps}"]}, "run as a program"),
    ],
)
def test_it_says_what_is_wrong_when_it_is_saved_and_sends_nothing(server, block, words):
    (said,) = afanasy.wrong(options(server, block), {})
    assert words in said
    sample = shots()
    try:
        sample.run(afanasy, options(server, block))
    except ActionError as error:
        assert words in str(error)
    else:
        assert [words in result.message for result in sample.report.failed] == [True, True]
    assert server.heard == []


@pytest.mark.parametrize("blocks", ["", "{", "[]", "{}", "[1]", "null"])
def test_it_refuses_blocks_that_are_no_list(blocks):
    assert [*afanasy.wrong(options(blocks=blocks), {})]
    with pytest.raises(ActionError):
        shots().preview(afanasy, options(blocks=blocks))


@pytest.mark.parametrize("host", ["", "a b", "farm\r\nX: y", "http://farm", "farm/", "-x"])
def test_it_refuses_what_is_no_host(host):
    assert [*afanasy.wrong(options(host=host), {})]
    with pytest.raises(ActionError, match="no name or address"):
        shots().run(afanasy, options(host=host))


def test_good_options_have_nothing_wrong():
    assert [*afanasy.wrong(options(users="a@b.c = jane", path_mapping="/a = /b"), {})] == []
    assert [*afanasy.wrong(options(users="nonsense"), {})]
    assert [*afanasy.wrong(options(hosts_mask='"'), {})]


def test_a_farm_that_is_away_is_not_knocked_at_for_each():
    sample = shots()
    outcome = sample.run(afanasy, options())
    assert outcome.message == "0 of 2 jobs are on Afanasy."
    assert all("was not reached" in result.message for result in sample.report.failed)


def test_after_an_empty_answer_nothing_more_is_sent(server):
    """It may be that afserver has died: it is not killed again as soon as it is back."""
    sample = shots()
    server.trouble = ["empty"]
    sample.run(afanasy, options(server))
    first, second = sample.report.failed
    assert "may have crashed" in first.message
    assert "Nothing more is sent" in second.message
    assert server.heard == []


def test_the_farm_is_unsure_and_then_away(server):
    farm = afanasy.farm(options(server), shots().call.desk)
    server.trouble = ["empty"]
    job = {
        "name": "x",
        "user_name": "x",
        "blocks": [{"name": "x", "service": "generic", "tasks": [{"name": "x", "command": "x"}]}],
    }
    with pytest.raises(FarmUnsure):
        farm.submit(job, "m")
    with pytest.raises(FarmAway):
        farm.submit(job, "m")
    assert farm.find("m") is None


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("1-2", Range(1, 2)),
        ("5", Range(5, 5)),
        ("-3--1", Range(-3, -1)),
        ("1 - 9 x 2", Range(1, 9, 2)),
        ("", Range(1001, 1010)),
    ],
)
def test_it_understands_frames(wish, found):
    assert range_of(shots().tasks[0], wish) == found


@pytest.mark.parametrize("wish", ["a", "1-", "1,2", "1-2x0", "1-2x", "1--", "1-99999999"])
def test_it_refuses_what_are_no_frames(wish):
    with pytest.raises(ActionError, match="no frames"):
        range_of(shots().tasks[0], wish)


def test_frames_backwards_are_blocked():
    plan = shots().preview(afanasy, options(), frames="10-1")
    assert all(step.blocked and "backwards" in step.message for step in plan.steps)


def test_people_are_who_the_list_says_they_are():
    call = shots().call
    assert user_of(call, options()) == "ada"
    assert user_of(call, options(users='ADA@sample.studio = Ada "Root"')) == "ada_root"
    assert user_of(replace(call, person=None), options()) == "kitsu"


def test_the_longest_beginning_of_a_path_counts(server):
    sample = shots()
    sample.run(afanasy, options(server, path_mapping="/mnt = /a\n/mnt/out = //nas/out/\n/mn = /no"))
    block = sent(server)[0]["blocks"][0]
    assert "/a/proj/" in block["command"]
    assert block["files"][0].startswith("//nas/out/")


def test_a_thousand_jobs_are_sent_one_by_one(server):
    sample = shots()
    task = sample.tasks[0]
    many = tuple(replace(task, id=f"{number}") for number in range(1_000))
    sample.call = replace(sample.call, resolution=replace(sample.call.resolution, tasks=many))
    assert sample.run(afanasy, options(server)).message == "1,000 of 1,000 jobs are on Afanasy."
    assert len(server.jobs) == 1_000
    plan = sample.preview(afanasy, options(server, once_for="selection"))
    assert not any(step.blocked for step in plan.steps)
