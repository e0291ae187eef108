"""The settings of jobs, checked here because the Manager checks none."""

from __future__ import annotations

import pytest

from actions.clients.flamenco.frames import count_of
from actions.clients.flamenco.job_types import job_type_of
from actions.farms.contract import FarmRefuses
from tests.actions.clients.flamenco.fake import ECHO, RENDER

KIND = job_type_of(RENDER)
GOOD = {
    "frames": "1001-1004", "chunk_size": 2, "render_output_root": "/proj/out", "add_path_components": 0,
    "render_output_path": "/proj/out/sh010/{timestamp}/######", "blendfile": "/proj/sh010/lighting.blend",
    "fps": 24, "format": "PNG", "image_file_extension": ".png", "has_previews": False, "scene": "Scene",
}  # fmt: skip


def problems(**changes):
    return list(KIND.problems({key: value for key, value in {**GOOD, **changes}.items() if value is not None}))


def test_it_works():
    assert problems() == []
    assert list(job_type_of(ECHO).problems({"message": "hello"})) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frames": None}, "frames is missing"),
        ({"blendfile": ""}, "blendfile must not be empty"),
        ({"blendfile": 3}, "blendfile must be a text, and is “3”"),
        ({"chunk_size": "two"}, "whole number"),
        ({"chunk_size": True}, "whole number"),
        ({"chunk_size": 2**31}, "whole number"),
        ({"chunk_size": 1.5}, "whole number"),
        ({"add_path_components": 33}, "at least 0 and at most 32"),
        ({"fps": "fast"}, "a number"),
        ({"fps": float("inf")}, "a number"),
        ({"has_previews": "perhaps"}, "yes or no"),
        ({"has_previews": 1}, "yes or no"),
        ({"chunksize": 2}, "no setting “chunksize”. Did you mean chunk_size"),
    ],
)
def test_it_refuses_what_the_manager_would_take(changes, words):
    (said,) = problems(**changes)
    assert words in said


def test_it_names_everything_at_once():
    assert len(problems(frames=None, blendfile=None, fps="x")) == 3


def test_choices_are_kept():
    kind = job_type_of({"name": "x", "settings": [{"key": "engine", "type": "string", "choices": ["CYCLES", "EEVEE"]}]})
    assert list(kind.problems({"engine": "EEVEE"})) == []
    assert "one of CYCLES, EEVEE" in next(kind.problems({"engine": "LUX"}))


def test_numbers_are_read_from_what_templates_fill():
    read = KIND.read({"chunk_size": "5", "fps": "23.976", "has_previews": "True", "frames": "7", "scene": "1"})
    assert read == {"chunk_size": 5, "fps": 23.976, "has_previews": True, "frames": "7", "scene": "1"}
    assert KIND.read({"chunk_size": "1e3", "fps": "१"}) == {"chunk_size": "1e3", "fps": "१"}


def test_defaults_are_put_in():
    assert KIND.completed({"chunk_size": 5}) == {"chunk_size": 5, "add_path_components": 0}


def test_it_says_what_it_has():
    assert "frames (text, required), chunk_size (whole number, else 1)" in KIND.words


@pytest.mark.parametrize("row", [{}, {"name": "x"}, {"name": "x", "settings": {}}, {"name": 3, "settings": []}])
def test_what_is_no_job_type_is_refused(row):
    with pytest.raises(FarmRefuses):
        job_type_of(row)


def test_odd_settings_of_a_studio_s_job_type_take_nothing_down():
    odd = [None, 3, {"key": ""}, {"key": "a", "type": "color", "choices": "x", "propargs": [1]}, {"key": "b"}]
    kind = job_type_of({"name": "x", "settings": odd})
    assert [one.key for one in kind.settings] == ["a", "b"]
    assert list(kind.problems({"a": [1, 2], "b": "text"})) == []


@pytest.mark.parametrize(
    ("text", "count"), [("47", 1), ("1-30", 30), ("3, 5-10, 47-327", 288), ("1001..1010", 10), (" 1 - 2 ", 2)]
)
def test_frames_are_counted(text, count):
    assert count_of(text) == count


@pytest.mark.parametrize(
    "text", ["", "abc", "1-", "-5", "1-2-3", "10-1", "1,,2", "1-99999999", "0-100000", "1;2", "१", "1" * 30]
)
def test_frames_that_would_hurt_the_manager_are_refused(text):
    with pytest.raises(FarmRefuses):
        count_of(text)
