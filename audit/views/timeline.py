"""The timeline of a day: a picture with its table, for what somebody may see and asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import visible_to
from audit.log.filters import Filters
from audit.states import State
from audit.timeline.day import Day
from audit.timeline.lanes import BY, OTHERS, Hour, Lane, in_words, lanes_of
from audit.timeline.picture import picture_of
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import reader_required
from kitsu_bridge.kitsu.signin.zone import zone_of


@never_cache
@require_GET
@reader_required
def timeline(request: HttpRequest) -> HttpResponse:
    """The day as `day` says, else today, in the person's own time zone; by action, or with `by=person` by person."""
    person = identity_of(request).person
    day = Day.read(request.GET.get("day", ""), zone_of(person))
    by = by if (by := request.GET.get("by", "")) in BY else "action"
    asked = request.GET.copy()
    for name in ("since", "until"):  # The day says when.
        asked.pop(name, None)
    filters = Filters.read(asked, me=person)
    lanes, grouped = lanes_of(filters.apply(visible_to(request)), day, by)
    context: dict[str, Any] = {
        "day": day,
        "by": by,
        "lanes": lanes,
        "grouped": grouped,
        "picture": picture_of(lanes, day, _links(filters, day, by)),
        "table": _table(lanes, filters, day, by) if grouped else [],
        "count": sum(lane.count for lane in lanes),
        "states": State.choices,
        "filters": filters.in_words(),
        "problems": filters.problems,
        "asked": parse_qsl(filters.as_query()),
        "query": filters.as_query(since=day.begin.isoformat(), until=day.end.isoformat()),
        **_ways(filters, day, by),
    }
    return render(request, "log/timeline.html", context)


def _ways(filters: Filters, day: Day, by: str) -> dict[str, str]:
    """To the days beside it, to today, and to the other way of looking at it."""

    def way(**how: str) -> str:
        kept = parse_qsl(filters.as_query())
        return f"{reverse('timeline')}?{urlencode([*kept, *({'day': str(day.on), 'by': by} | how).items()])}"

    today = str(Day.read("", day.zone).on)
    other = "person" if by == "action" else "action"
    return {
        "before": way(day=str(day.beside(-1))),
        "after": way(day=str(day.beside(1))),
        "today": way(day=today),
        "otherwise": way(by=other),
    }


def _links(filters: Filters, day: Day, by: str) -> Callable[[Lane, Hour | None], str]:
    """To the list of what is behind a lane, or an hour of it."""

    def link(lane: Lane, hour: Hour | None) -> str:
        since, until = (hour.begin, hour.end) if hour else (day.begin, day.end)
        own = {by: lane.key} if lane.key not in ("", OTHERS) else {}
        query = filters.as_query(since=since.isoformat(), until=until.isoformat(), **own)
        return f"{reverse('log')}?{query}"

    return link


def _table(lanes: list[Lane], filters: Filters, day: Day, by: str) -> list[dict[str, Any]]:
    link = _links(filters, day, by)
    return [
        {
            "lane": lane.name,
            "from": day.clock(hour.begin),
            "to": day.clock(hour.end),
            "count": hour.count,
            "states": in_words(hour.states),
            "link": link(lane, hour),
        }
        for lane in lanes
        for hour in lane.hours
    ]
