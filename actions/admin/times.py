"""Times that schedules share, in the admin, and the next five of any: of what is saved, and of what stands in a form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_celery_beat import models as beat
from unfold.admin import ModelAdmin
from unfold.decorators import display

from actions.admin.actor import actor_of
from actions.schedules.changing import save_times
from actions.schedules.times import next_times

FIELDS = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")

for model in (beat.PeriodicTask, beat.IntervalSchedule, beat.SolarSchedule, beat.ClockedSchedule, beat.CrontabSchedule):
    admin.site.unregister(model)  # Their admin schedules tasks of Celery's, of which there is one.


@admin.register(beat.CrontabSchedule)
class TimesAdmin(ModelAdmin):
    """Times that schedules share, such as every weekday at nine in Paris."""

    class Media:
        js = ("times.js",)

    list_display = ("human_readable", "timezone")
    fields = (*FIELDS, "upcoming")
    readonly_fields = ("upcoming",)

    def get_urls(self) -> list[URLPattern]:
        """With the times of what stands in a form."""
        own = path("next/", self.admin_site.admin_view(self.next_view), name="schedule_times")
        return [own, *super().get_urls()]

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """The next five of saved times (`times`), or of typed ones. Reads only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponse(_chosen(request.GET["times"]) if "times" in request.GET else _typed(request.GET))

    def save_model(self, request: HttpRequest, obj: beat.CrontabSchedule, form: Any, change: bool) -> None:
        """With an event of each schedule that has them."""
        save_times(obj, actor_of(request))

    @display(description="The next five times")
    def upcoming(self, times: beat.CrontabSchedule) -> SafeString:
        """Of what is saved; a script shows them anew while the form is filled in."""
        return next_five(times) if times.pk else no_times("Shown once it is saved.")


def next_five(times: beat.CrontabSchedule) -> SafeString:
    """As a list on the clock that they are meant in, or why there are none."""
    try:
        found = next_times(times, timezone.now())
    except ValueError as error:
        return no_times(f"None: {error}")
    rows = format_html_join("", "<li>{}</li>", ((on_its_clock(times, at),) for at in found))
    return _place(format_html("<ol>{}</ol>", rows) if found else "None: these times never come.")


def no_times(why: str) -> SafeString:
    """In the place of times, which the script fills."""
    return _place(why)


def on_its_clock(times: beat.CrontabSchedule, at: datetime) -> str:
    """`Monday, 2026-11-23 09:00 (Europe/Paris)`."""
    return f"{at.astimezone(times.timezone):%A, %Y-%m-%d %H:%M} ({times.timezone})"


def _place(content: str) -> SafeString:
    where = reverse("admin:schedule_times")
    return format_html('<div class="next-times" data-from="{}" aria-live="polite">{}</div>', where, content)


def _chosen(pk: str) -> SafeString:
    times = beat.CrontabSchedule.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None
    return next_five(times) if times else no_times("Choose the times.")


def _typed(typed: Any) -> SafeString:
    """As the form of times takes them."""
    form = modelform_factory(beat.CrontabSchedule, fields=FIELDS)(typed)
    try:
        if form.is_valid():
            return next_five(form.instance)
    except (ValidationError, ValueError) as error:
        return no_times(f"None: {error}")
    return no_times(
        " ".join(f"{form.fields[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items())
    )
