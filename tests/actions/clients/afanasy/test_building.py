from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.afanasy import PROGRAMS, Range, block_of, check, farm_user, job_name
from actions.contract import ActionError
from tests.actions.clients.afanasy.jobs import job

SHOT = Range(1001, 1010)
SAID = {
    "blender": {"file": "/proj/a.blend", "output": "/out/a.####", "format": "PNG", "engine": "CYCLES"},
    "ffmpeg": {"input": "/out/a.%04d.png", "output": "/out/a.mp4", "fps": "24"},
    "nuke": {"file": "/proj/a.nk", "node": "Write1"},
    "maya": {"file": "/proj/a.ma", "folder": "/out", "camera": "main"},
    "houdini": {"file": "/proj/a.hip", "node": "/out/mantra"},
    "generic": {"command": ["render", "--frame", "@####@", "--to", "@####@"]},
}
COMMANDS = {
    "blender": "blender -b /proj/a.blend -E CYCLES -o '/out/a.####' -F PNG -s '@#@' -e '@#@' -j 1 -a",
    "ffmpeg": "ffmpeg -y -start_number 1001 -framerate 24 -i /out/a.%04d.png -pix_fmt yuv420p /out/a.mp4",
    "nuke": "nuke -X Write1 -F '@#@-@#@x1' /proj/a.nk",
    "maya": "Render -r file -s '@#@' -e '@#@' -b 1 -rd /out -cam main /proj/a.ma",
    "houdini": "hrender -e -f '@#@' '@#@' -i 1 -d /out/mantra /proj/a.hip",
    "generic": "render --frame '@####@' --to '@####@'",
}


def block(program, frames=SHOT, **more):
    return block_of({"name": "render", "program": program, **SAID[program], **more}, frames)


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_works(program):
    found = block(program)
    command = found["tasks"][0]["command"] if program == "ffmpeg" else found["command"]
    assert command == COMMANDS[program]
    assert found["flags"] == (0 if program == "ffmpeg" else 1)
    check(job(found))


def test_blocks_wait_for_each_other():
    render = block("blender", frames_per_task=5, images="/out/a.@####@.png", working_folder="/proj", capacity=500)
    movie = block_of({"name": "The movie!", "program": "ffmpeg", "after": "render", **SAID["ffmpeg"]}, SHOT)
    check(job(render, movie))
    assert (movie["name"], movie["depend_mask"]) == ("The_movie", "render")
    assert (render["frames_per_task"], render["files"]) == (5, ["/out/a.@####@.png"])
    assert (render["working_directory"], render["capacity"]) == ("/proj", 500)


def test_blocks_of_many_tasks_stand_beside_each_other():
    pair = [
        {"name": "render", "program": "nuke", **SAID["nuke"]},
        {"name": "movie", "program": "ffmpeg", "after": "render", **SAID["ffmpeg"]},
    ]
    blocks = [block_of(one, SHOT, ending=f"SH0{number}") for number in (1, 2) for one in pair]
    check(job(*blocks))
    assert [(one["name"], one.get("depend_mask")) for one in blocks] == [
        ("render_SH01", None),
        ("movie_SH01", "render_SH01"),
        ("render_SH02", None),
        ("movie_SH02", "render_SH02"),
    ]


def test_a_command_without_a_frame_is_one_task():
    found = block("generic", command=["make", "it"])
    assert (found["flags"], found["tasks"]) == (0, [{"name": "render", "command": "make it"}])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"program": "blender"}, "no name"),
        ({"name": "x", "program": "cinema"}, "no program of these: blender"),
        ({"name": "x", "program": "blender", "file": "/a"}, "needs “output”"),
        ({"name": "x", "program": "blender", "file": "", "output": "/a"}, "needs “file”"),
        ({"name": "x", "program": "nuke", "file": "/a", "output": "/a"}, "“output”, which is none of"),
        ({"name": "x", "program": "nuke", "file": "/a", "flags": 0}, "“flags”"),
        ({"name": "!", "program": "nuke", "file": "/a"}, "cannot be named"),
        ({"name": "x", "program": "generic", "command": ["a\nb"]}, "line end"),
    ],
)
def test_it_refuses_what_is_no_block(said, words):
    with pytest.raises(ActionError, match=words):
        block_of(said, SHOT)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40), st.sampled_from([*PROGRAMS]))
def test_every_value_stays_one_argument(value, program):
    said = {name: [value, "@#@"] if name == "command" else value for name in SAID[program]}
    found = block_of({"name": "render", "program": program, **said}, SHOT)
    command = found.get("command") or found["tasks"][0]["command"]
    assert value in shlex.split(command)


@given(st.text())
def test_users_are_what_the_farm_can_bear(name):
    check(job(user_name=farm_user(name)))


def test_users_keep_what_can_be_kept():
    assert [farm_user(one) for one in ("jane.doe", "Zoë O'Neil", '"', "")] == [
        "jane.doe",
        "zoe_o_neil",
        "kitsu",
        "kitsu",
    ]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), st.integers(0, 1000))
def test_names_of_jobs_are_cut_to_what_does_not_kill(name, count):
    ending = f" and {count:,} more"
    found = job_name(name * 50, ending)
    assert found.endswith(ending)
    check(job(name=found))


def test_names_of_jobs_that_fit_stay():
    assert job_name("Ä / SH010") == "Ä / SH010"
    assert job_name("x" * 300) == "x" * 197 + "…"
