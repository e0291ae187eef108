"""A filter in words, for the page, the record of an export, and whoever is to confirm."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from audit.log.form import NONE


def said(form: forms.Form, name: str, value: Any) -> str:
    """`State: Failed or Crashed`."""
    label = str(form.fields[name].label)
    if name in {"kind", "production"} and value == NONE:
        return f"{label}: none"
    return label if value is True else f"{label}: {_words(form.fields[name], value)}"


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, list) and isinstance(field, forms.MultipleChoiceField):
        labels = dict(field.choices)  # type: ignore[arg-type]
        return " or ".join(str(labels.get(one, one)) for one in value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return in_units(value) if isinstance(value, timedelta) else str(value)


def in_units(span: timedelta) -> str:
    """`1 h 30 min`, `2.4 s`: as a person says it."""
    seconds = span.total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s" if 0 < seconds < 10 and seconds % 1 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
