"""The form of a schedule: names of Kitsu to choose from, and what was chosen kept while Kitsu is away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from actions.admin.named import all_actions, names_of, one_of, people, several_of
from actions.models import Schedule
from kitsu_bridge.kitsu.interface import Kitsu, Record

SEVERAL: dict[str, Callable[[Kitsu], list[Record]]] = {
    "projects": lambda kitsu: kitsu.open_projects(),
    "task_types": lambda kitsu: kitsu.task_types(),
    "statuses": lambda kitsu: kitsu.task_statuses(),
}
"""Fields that hold ids, and where their names are read."""


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """As a studio manager sets it up."""

    class Meta:
        model = Schedule
        fields = (
            "name",
            "enabled",
            "action_slug",
            "parameters",
            "times",
            "missed",
            "person_id",
            "projects",
            "task_types",
            "statuses",
            "due",
            "days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["times"].help_text = format_html(
            'Several schedules may share them. <a class="underline" href="{}">New ones</a>, or by the menu beside.',
            reverse("admin:django_celery_beat_crontabschedule_add"),
        )
        self.fields["action_slug"] = one_of("Action", all_actions(), self.instance.action_slug)
        found, away = people()
        self.fields["person_id"] = one_of("As whom", found, self.instance.person_id, away)
        for name, read in SEVERAL.items():
            choices, away = names_of(read)
            usual: Any = Schedule._meta.get_field(name)
            text = f"{usual.help_text} {away}".strip()
            self.fields[name] = several_of(str(usual.verbose_name), choices, getattr(self.instance, name), text)
