"""Moments as the clock of whoever looks shows them, and times between two of them as a person says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()

SHOWN = {
    "second": "%Y-%m-%d %H:%M:%S",
    "minute": "%Y-%m-%d %H:%M",
    "zoned": "%Y-%m-%d %H:%M %Z",
    "zoned second": "%Y-%m-%d %H:%M:%S %Z",
    "time": "%H:%M:%S",
    "exact": "%Y-%m-%d %H:%M:%S.%f",
    "exact time": "%H:%M:%S.%f",
}
"""What is shown of a moment. Exact: to the millisecond."""

UNITS = (("d", 86_400), ("h", 3600), ("min", 60))


@register.filter
def clock(at: datetime | None, shown: str = "second") -> SafeString:
    """`<time datetime="2026-11-21T08:00:00+00:00" title="2026-11-21 17:00:00 JST">2026-11-21 17:00:00</time>`.

    For programs in UTC, for people in the time zone of the page (`kitsu_bridge.kitsu.signin.zone`); nothing for None.
    """
    if at is None:
        return SafeString("")
    here = localtime(at)
    text = f"{here:{SHOWN[shown]}}"
    tag = '<time datetime="{}" title="{}">{}</time>'
    whole = f"{here:%Y-%m-%d %H:%M:%S %Z}"
    return format_html(tag, at.astimezone(UTC).isoformat(), whole, text[:-3] if "exact" in shown else text)


@register.filter
def span(value: timedelta | None) -> str:
    """`0:00:00.012` -> `12 ms`, `0:01:04` -> `1 min 4 s`, a day and more -> `1 d 3 h`; never more than two units."""
    if value is None:
        return ""
    seconds = value.total_seconds()
    sign, seconds = ("−" if seconds < 0 else ""), abs(seconds)
    if seconds < 1:
        return f"{sign}{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{sign}{seconds:.1f} s"
    return sign + _long(int(seconds))


@register.filter
def moment(text: object) -> datetime | None:
    """What JSON has as `2026-11-21T15:40:00+01:00`; None for anything else, and where the zone is not said."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _long(seconds: int) -> str:
    said: list[tuple[int, str]] = []
    for name, size in (*UNITS, ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or said:
            said.append((count, name))
    return " ".join(f"{count} {name}" for count, name in said[:2] if count)
