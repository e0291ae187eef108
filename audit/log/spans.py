"""Spans and moments as people write them: `90`, `5m`, `1h30m`; `2026-11-20`, `2026-11-20 14:00`, `7d` (that long ago)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
LONGEST = timedelta(days=36500)
SPAN = re.compile(r"(?:\d{1,9}\s*[wdhms]\s*)+", re.ASCII)
PART = re.compile(r"(\d+)\s*([wdhms])", re.ASCII)


def span(text: str) -> timedelta:
    """`1h30m` or `90` (seconds); `ValueError` for anything else."""
    text = text.strip().lower()
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return timedelta(seconds=int(text))
    if not SPAN.fullmatch(text):
        raise ValueError(text)
    return min(LONGEST, timedelta(seconds=sum(int(many) * SECONDS[unit] for many, unit in PART.findall(text))))


def moment(text: str, *, end: bool = False) -> datetime:
    """A day (`end`: its end), a time, or a span ago, in the current time zone; `ValueError` for anything else."""
    text = text.strip()
    if SPAN.fullmatch(text.lower()):
        return timezone.now() - span(text)
    try:
        if (day := parse_date(text)) is not None:
            return _aware(datetime(day.year, day.month, day.day) + timedelta(days=1 if end else 0))
        if (time := parse_datetime(text)) is not None:
            return _aware(time)
    except OverflowError as error:
        raise ValueError(text) from error
    raise ValueError(text)


def _aware(time: datetime) -> datetime:
    aware = timezone.make_aware(time) if timezone.is_naive(time) else time
    return aware.astimezone(timezone.get_default_timezone())  # The first and the last day there is overflow here.


class SpanField(forms.CharField):
    """A text that is a span of time."""

    def clean(self, value: Any) -> timedelta | None:
        """The span, or None for an empty text."""
        text = super().clean(value)
        try:
            return span(text) if text else None
        except ValueError:
            raise forms.ValidationError("Write it as 90 (seconds), 5m, 2h or 1h30m.") from None


class MomentField(forms.CharField):
    """A text that is a moment. `end`: a day means its end."""

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end

    def prepare_value(self, value: Any) -> Any:
        """A moment with another zone, as links of other pages carry it, is shown as the clock of this page has it."""
        with suppress(ValueError, TypeError, OverflowError):
            if (time := parse_datetime(value)) is not None and timezone.is_aware(time):
                return f"{timezone.localtime(time):%Y-%m-%d %H:%M}"
        return value

    def clean(self, value: Any) -> datetime | None:
        """The moment, or None for an empty text."""
        text = super().clean(value)
        try:
            return moment(text, end=self.end) if text else None
        except ValueError:
            raise forms.ValidationError("Write it as 2026-11-20, 2026-11-20 14:00, or 7d for seven days ago.") from None
