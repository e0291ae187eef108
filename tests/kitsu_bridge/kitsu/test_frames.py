from __future__ import annotations

from dataclasses import replace

import pytest

from kitsu_bridge.kitsu.frames import FPS, FrameRange, frame_range, frames_a_second, preview_frames
from kitsu_bridge.kitsu.tasks import Named
from tests.actions.making import a_task


def a_shot(data=None, project=None, **record):
    task = a_task()
    return replace(
        task,
        entity=replace(task.entity, record={"data": data, **record}),
        project=Named(task.project.id, task.project.name, project or {}),
    )


def test_it_works():
    found = frame_range(a_shot({"frame_in": "1001", "frame_out": 1048}, nb_frames=12))
    assert found == FrameRange(1001, 48)
    assert found.last == 1048


@pytest.mark.parametrize(
    ("data", "frames", "found"),
    [
        (None, 48, FrameRange(0, 48)),
        ({}, "48", FrameRange(0, 48)),
        ({"frame_in": "1001", "frame_out": ""}, 48, FrameRange(1001, 48)),
        ({"frame_in": "1001.0", "frame_out": "1001"}, None, FrameRange(1001, 1)),
        ({"frame_in": -10, "frame_out": 5}, None, FrameRange(-10, 16)),
        ({"frame_in": "1048", "frame_out": "1001"}, 48, None),
        ({"frame_in": "soon", "frame_out": [1]}, None, None),
        ({"frame_in": True, "frame_out": "nan"}, 0, None),
        ({"frame_in": "1e999", "frame_out": "1"}, -5, None),
    ],
)
def test_it_reads_what_people_type(data, frames, found):
    assert frame_range(a_shot(data, nb_frames=frames)) == found


@pytest.mark.parametrize(
    ("own", "production", "found"),
    [("30", "24", 30), (None, "23,976", 23.976), ("", "24", 24), ("odd", None, FPS), (0, "0", FPS)],
)
def test_a_shot_s_own_rate_counts_before_its_production_s(own, production, found):
    assert frames_a_second(a_shot({"fps": own}, {"fps": production})) == found


@pytest.mark.parametrize(("duration", "frames"), [(2.0, 48), (2.04, 49), (0, None), (None, None), ("x", None)])
def test_a_movie_s_frames_come_from_its_seconds(duration, frames):
    assert preview_frames(a_shot({"fps": 24}), {"duration": duration}) == frames
