"""Times between two moments, as a person says them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template

register = template.Library()

UNITS = (("d", 86_400), ("h", 3600), ("min", 60))


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
