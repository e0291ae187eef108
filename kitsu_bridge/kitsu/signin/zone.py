"""The time zone of pages: that of whoever looks, as their profile in Kitsu has it; the admin's is the studio's."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from kitsu_bridge.kitsu.people import Person


def zone_of(person: Person | None) -> ZoneInfo:
    """Theirs; the studio's (`TIME_ZONE`) for nobody, and where Kitsu has one that nobody knows: it takes any text."""
    try:
        return ZoneInfo(person.timezone if person else settings.TIME_ZONE)
    except (ValueError, OSError, LookupError):
        return ZoneInfo(settings.TIME_ZONE)


def show_times_of(person: Person | None, request: HttpRequest) -> None:
    """From now on this request shows and reads times in the person's zone. The middleware puts it back."""
    match = request.resolver_match
    if match is None or match.app_name != "admin":  # What several managers look at together has one clock.
        timezone.activate(zone_of(person))
