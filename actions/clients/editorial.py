"""Editorial lists of shots: OpenTimelineIO, and CMX 3600 EDL through its adapter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange, from_timecode

from actions.contract import ActionError

MOST_EVENTS = 999
"""Events of one EDL: CMX 3600 numbers them with three digits."""

DAY = 24 * 3600

REEL = 8
"""Characters of a reel's name in CMX 3600."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot in a list: `first` frame of its source and `frames`, at `fps`.

    `media` is the URL of its preview, where there is one, of `media_frames`. `about` goes along as metadata in OTIO.
    """

    name: str
    reel: str
    first: int
    frames: int
    fps: float
    media: str = ""
    media_frames: int = 0
    about: Mapping[str, str] = field(default_factory=dict)


def list_rate(cuts: Sequence[Cut]) -> float:
    """The frames a second of a list: those of most of its shots."""
    return Counter(cut.fps for cut in cuts).most_common(1)[0][0]


def otio_list(title: str, cuts: Sequence[Cut], hour: int) -> str:
    """An OTIO file; record times begin at the full `hour` and follow each other."""
    timeline = _timeline(title, cuts)
    timeline.global_start_time = _at(hour, list_rate(cuts))
    return str(timeline.to_json_string())


def edl_list(title: str, cuts: Sequence[Cut], hour: int) -> str:
    """A CMX 3600 EDL of shots of one rate. Raises `ActionError` for what an EDL cannot say."""
    if len(cuts) > MOST_EVENTS:
        raise ActionError(
            f"An EDL holds {MOST_EVENTS} events, and these are {len(cuts):,} shots. Choose OTIO, or fewer."
        )
    rate = _smpte(list_rate(cuts))
    if hour * 3600 + sum(cut.frames for cut in cuts) / rate >= DAY:
        raise ActionError("The list is longer than timecode counts, which is a day. Choose OTIO, or fewer shots.")
    timeline = _timeline("", cuts)
    if hour:  # The adapter knows no start of record times: what comes before the first clip shifts them.
        timeline.tracks[0].insert(0, otio.schema.Gap(source_range=TimeRange(RationalTime(0, rate), _at(hour, rate))))
    events = otio.adapters.write_to_string(timeline, adapter_name="cmx_3600", rate=rate, reelname_len=REEL)
    return f"TITLE: {one_line(title)[:70]}\nFCM: {'' if _drops(rate) else 'NON-'}DROP FRAME\n\n{events}"


def one_line(text: str) -> str:
    """Text without line breaks and control characters: each line of an EDL is a command."""
    words = "".join(sign if sign.isprintable() else " " for sign in text).split()
    return " ".join(words).encode("utf-8", "replace").decode()


def _timeline(title: str, cuts: Sequence[Cut]) -> Any:
    timeline = otio.schema.Timeline(name=one_line(title))
    track = otio.schema.Track(name="V", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    reels: set[str] = set()
    for cut in cuts:
        track.append(_clip(cut, _reel(cut.reel, reels)))
    return timeline


def _clip(cut: Cut, reel: str) -> Any:
    fps = _nearest(cut.fps)
    start = RationalTime(cut.first, fps)
    media: Any = otio.schema.MissingReference(name=reel)
    if cut.media:
        media = otio.schema.ExternalReference(target_url=one_line(cut.media))
        if cut.media_frames:
            media.available_range = TimeRange(start, RationalTime(cut.media_frames, fps))
    return otio.schema.Clip(
        name=one_line(cut.name),
        source_range=TimeRange(start, RationalTime(cut.frames, fps)),
        media_reference=media,
        metadata={"cmx_3600": {"reel": reel}, "kitsu": {key: one_line(value) for key, value in cut.about.items()}},
    )


def _reel(name: str, taken: set[str]) -> str:
    """A name of at most eight letters and digits that no other shot of the list has."""
    bare = re.sub(r"[^A-Za-z0-9]", "", name)[:REEL] or "AX"
    reel, number = bare, 1
    while reel.casefold() in taken:
        number += 1
        reel = f"{bare[: REEL - len(str(number))]}{number}"
    taken.add(reel.casefold())
    return reel


def _nearest(fps: float) -> float:
    """23.976 is 24000/1001; other rates are as they are written."""
    near = RationalTime.nearest_smpte_timecode_rate(fps)
    return float(near) if abs(near - fps) < 0.01 else fps


def _smpte(fps: float) -> float:
    rate = _nearest(fps)
    if not RationalTime.is_smpte_timecode_rate(rate):
        raise ActionError(f"Timecode knows no {fps:g} frames a second, and an EDL is made of it. Choose OTIO.")
    return rate


def _drops(rate: float) -> bool:
    return abs(rate - 30000 / 1001) < 0.001 or abs(rate - 60000 / 1001) < 0.001


def _at(hour: int, fps: float) -> RationalTime:
    """A full hour of record time, in drop-frame timecode where the rate has it."""
    rate = _nearest(fps)
    if not RationalTime.is_smpte_timecode_rate(rate):
        return RationalTime(round(hour * 3600 * rate), rate)
    return from_timecode(f"{hour:02}:00:00{';' if _drops(rate) else ':'}00", rate)
