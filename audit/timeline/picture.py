"""The picture of a day, in the units of its own coordinate system: what the template only writes down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audit.models import Invocation
from audit.states import State
from audit.timeline.day import Day
from audit.timeline.lanes import MIN_SHARE, Hour, Lane, end_of, in_words
from kitsu_bridge.templatetags.times import span

LEFT, WIDTH, TOP = 190, 960, 26
BAR, GAP = 14, 10
HOUR_HEIGHT = 34
LONGEST_NAME = 22

Link = Callable[[Lane, Hour | None], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar: where it is, what it says to whoever points at it, and where it leads."""

    x: str
    y: str
    width: str
    height: str
    state: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One lane: its name, where its line is, and its bars."""

    name: str
    whole_name: str
    link: str
    y: int
    text_y: int
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. `hours`: places and names of the lines."""

    width: int
    height: int
    bottom: int
    lanes: list[Drawn]
    hours: list[tuple[str, str]]


def picture_of(lanes: list[Lane], day: Day, link: Link) -> Picture:
    """Lane below lane; `link` leads to what is behind one, or behind an hour of it."""
    drawn, y = [], TOP
    for lane in lanes:
        height = HOUR_HEIGHT if lane.hours else lane.rows * BAR
        marks = _hours(lane, day, y, link) if lane.hours else _bars(lane, day, y)
        name = lane.name if len(lane.name) <= LONGEST_NAME else f"{lane.name[: LONGEST_NAME - 1]}…"
        drawn.append(Drawn(name, lane.name, link(lane, None), y + height + GAP // 2, y + height // 2 + 4, marks))
        y += height + GAP
    hours = [(_x(day.share(begin)), day.clock(begin)) for begin, _ in day.hours()]
    return Picture(LEFT + WIDTH + 10, y + 4, y, drawn, hours)


def _bars(lane: Lane, day: Day, y: int) -> list[Mark]:
    return [
        Mark(
            _x(bar.begin),
            str(y + bar.row * BAR + 1),
            f"{max(bar.end - bar.begin, MIN_SHARE) * WIDTH:.1f}",
            str(BAR - 3),
            bar.state,
            said(bar.invocation, day),
            bar.invocation.get_absolute_url(),
        )
        for bar in lane.bars
    ]


def said(invocation: Invocation, day: Day) -> str:
    """What one bar says."""
    times = day.clock(invocation.received_at)
    if invocation.finished_at:
        times += f" to {day.clock(invocation.finished_at)}, {span(end_of(invocation) - invocation.received_at)}"
    who = invocation.person_name or invocation.person_email or "nobody known"
    what = invocation.action_name or invocation.action_slug
    return f"{what}, {who}: {State(invocation.state).label}, {times}"


def _hours(lane: Lane, day: Day, y: int, link: Link) -> list[Mark]:
    """States above each other, as high as the hour is busy beside the lane's busiest."""
    busiest = max(hour.count for hour in lane.hours)
    marks = []
    for hour in lane.hours:
        x, width = day.share(hour.begin), day.share(hour.end) - day.share(hour.begin)
        title = f"{lane.name}, {day.clock(hour.begin)} to {day.clock(hour.end)}: {in_words(hour.states)}"
        base = float(y + HOUR_HEIGHT)
        for state in (state for state in State if hour.states[state]):
            height = max(hour.states[state] / busiest * (HOUR_HEIGHT - 2), 1)
            base -= height
            place = (_x(x), f"{base:.1f}", f"{width * WIDTH - 2:.1f}", f"{height:.1f}")
            marks.append(Mark(*place, state, title, link(lane, hour)))
    return marks


def _x(share: float) -> str:
    return f"{LEFT + share * WIDTH:.1f}"
