from __future__ import annotations

import opentimelineio as otio
import pytest

from actions.clients.editorial import MOST_EVENTS, Cut, edl_list, otio_list
from actions.contract import ActionError

URL = "https://kitsu.studio/api/movies/originals/preview-files/1.mp4"


def cuts(count=3, fps=24.0, **fields):
    return [Cut(f"SQ01_SH{n:04}", f"SH{n:04}", 1001, 48, fps, **fields) for n in range(count)]


def read_edl(text, rate=24.0):
    return otio.adapters.read_from_string(text, "cmx_3600", rate=rate)


def source(clip):
    return clip.source_range.start_time.to_frames(), clip.source_range.duration.to_frames()


def test_it_works():
    text = edl_list("Review", cuts(media=URL, media_frames=96), 1)
    assert text.startswith(
        "TITLE: Review\nFCM: NON-DROP FRAME\n\n001  SH0000   V     C        00:00:41:17 00:00:43:17 01:00:00:00 "
    )
    clips = list(read_edl(text).find_clips())
    assert [source(clip) for clip in clips] == [(1001, 48)] * 3
    assert [clip.name for clip in clips] == ["SQ01_SH0000", "SQ01_SH0001", "SQ01_SH0002"]
    assert clips[0].media_reference.target_url == URL
    timeline = otio.adapters.read_from_string(otio_list("Review", cuts(media=URL, media_frames=96), 1), "otio_json")
    assert (timeline.name, timeline.global_start_time.to_timecode()) == ("Review", "01:00:00:00")
    clip = next(iter(timeline.find_clips()))
    assert (source(clip), clip.media_reference.target_url) == ((1001, 48), URL)
    assert clip.media_reference.available_range.duration.to_frames() == 96


def test_record_times_follow_each_other():
    lines = [line for line in edl_list("x", cuts(), 10).splitlines() if line[:3].isdigit()]
    assert [line.split()[-2:] for line in lines] == [
        ["10:00:00:00", "10:00:02:00"], ["10:00:02:00", "10:00:04:00"], ["10:00:04:00", "10:00:06:00"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fps", "code"), [(23.976, "FCM: NON-DROP"), (25, "FCM: NON-DROP"), (29.97, "FCM: DROP"), (59.94, "FCM: DROP")]
)
def test_it_reads_back_at_every_rate(fps, code):
    text = edl_list("x", cuts(fps=fps), 1)
    assert code in text
    rate = otio.opentime.RationalTime.nearest_smpte_timecode_rate(fps)
    assert [source(clip) for clip in read_edl(text, rate).find_clips()] == [(1001, 48)] * 3


@pytest.mark.parametrize(
    "name",
    ["SH\n002  EVIL V C 00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01", "SH\u2028x", "SH\x0bx", "تصوير", "", "<b>&"],
)
def test_a_name_is_no_command(name):
    hostile = [Cut(name, name, 0, 10, 24), Cut("b", "b", 0, 10, 24)]
    clips = list(read_edl(edl_list(name, hostile, 0)).find_clips())
    assert [source(clip) for clip in clips] == [(0, 10), (0, 10)]
    assert otio.adapters.read_from_string(otio_list(name, hostile, 0), "otio_json")


def test_reels_are_told_apart():
    same = [Cut(f"SQ0{n}_SH0010 long name", "SH0010 long name", 0, 10, 24) for n in range(1, 13)]
    reels = [line.split()[1] for line in edl_list("x", same, 0).splitlines() if line[:3].isdigit()]
    assert len(set(reels)) == 12
    assert all(len(reel) <= 8 for reel in reels)


def test_an_edl_has_its_bounds():
    with pytest.raises(ActionError, match="holds 999 events, and these are 1,000 shots"):
        edl_list("x", cuts(MOST_EVENTS + 1), 1)
    with pytest.raises(ActionError, match="no 12 frames a second"):
        edl_list("x", cuts(fps=12), 1)
    assert otio_list("x", cuts(MOST_EVENTS + 1, fps=12), 1)


def test_a_list_longer_than_a_day_is_refused():
    with pytest.raises(ActionError, match="longer than timecode counts"):
        edl_list("x", [Cut("a", "a", 0, 24 * 3600 * 24, 24)], 1)
