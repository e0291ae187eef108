"""That somebody takes something out of the log is an event: who, what of it, in which form, and how much."""

from __future__ import annotations

from django.utils import timezone

from audit.exports.forms import NAMES
from audit.log.filters import Filters
from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person


def tell(person: Person | None, form: str, filters: Filters, rows: int, what: str) -> None:
    """Write it down. The filters' moments are in full, so that they mean the same to whoever reads it where and when."""
    zone = f" (times in {timezone.get_current_timezone_name()})" if {"since", "until"} & set(filters.values) else ""
    words = ("; ".join(filters.in_words()) or "everything") + zone
    data = {"form": form, "filters": filters.fixed(), "rows": rows}
    text = f"{rows:,} rows of the log as {NAMES[form]} {what}: {words}."
    write_event(Happened.EXPORTED, subject="log", actor=person, text=text, data=data)
