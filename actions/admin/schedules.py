"""Schedules in the admin: what runs by itself, when next, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from actions.admin.actor import actor_of
from actions.admin.schedule_form import ScheduleForm
from actions.admin.times import next_five, no_times, on_its_clock
from actions.models import Schedule
from actions.schedules.changing import delete_schedule, save_schedule
from audit.models import Event

LATEST = 20


@admin.register(Schedule)
class ScheduleAdmin(ModelAdmin):
    """Every schedule, with its next times."""

    class Media:
        js = ("times.js",)

    form = ScheduleForm
    list_display = ("name", "action_slug", "when", "next_time", "enabled", "last_at", "last_said")
    list_filter = ("enabled", "action_slug")
    search_fields = ("name", "action_slug")
    list_select_related = ("times",)
    readonly_fields = ("upcoming", "history")
    fieldsets = (
        ("What", {"fields": ("name", "enabled", "action_slug", "parameters")}),
        ("When", {"fields": ("times", "missed", "upcoming")}),
        ("As whom", {"fields": ("person_id",), "description": "It runs with this person's rights, and in their name."}),
        ("On which tasks", {"fields": ("projects", "task_types", "statuses", "due", "days")}),
        ("What became of it", {"fields": ("history",)}),
    )

    def save_model(self, request: HttpRequest, obj: Schedule, form: Any, change: bool) -> None:
        """Written with its event."""
        save_schedule(obj, actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        """Written with its event; what it has run stays."""
        delete_schedule(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        """One by one, so that each has its event."""
        for one in queryset:
            delete_schedule(one, actor_of(request))

    def log_addition(self, *args: Any, **kwargs: Any) -> None:
        """Django's own log is not kept: the events are the record."""

    def log_change(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    def log_deletions(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    @display(description="When")
    def when(self, schedule: Schedule) -> str:
        """In words."""
        return str(schedule.times.human_readable)

    @display(description="Next time", ordering="next_at")
    def next_time(self, schedule: Schedule) -> str:
        """On the clock that its times are meant in."""
        return on_its_clock(schedule.times, schedule.next_at) if schedule.enabled and schedule.next_at else "never"

    @display(description="The next five times")
    def upcoming(self, schedule: Schedule) -> SafeString | str:
        """Of what is saved; a script shows them anew while the form is filled in."""
        if schedule.pk is None:
            return no_times("Shown once it is saved.")
        return next_five(schedule.times) if schedule.enabled else no_times("None: it is switched off.")

    @display(description="Lately")
    def history(self, schedule: Schedule) -> SafeString | str:
        """What it ran, what was missed, who changed it."""
        events = Event.objects.filter(subject=schedule.subject).order_by("-id")[:LATEST] if schedule.pk else []
        rows = ((f"{one.at:%Y-%m-%d %H:%M}", one.get_what_display(), one.text, _link(one)) for one in events)
        found = format_html_join("", "<li>{} {}: {} {}</li>", rows)
        return format_html('<ul class="wrap-anywhere">{}</ul>', found) if found else "Nothing yet."


def _link(event: Event) -> SafeString | str:
    pk = event.data.get("invocation")
    return format_html('<a class="underline" href="{}">Open</a>', reverse("invocation", args=[pk])) if pk else ""
