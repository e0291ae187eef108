"""The form of a rule: what must have happened, and what it starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from actions.admin.named import all_actions, names_of, one_of, people, several_of
from actions.models import Rule
from kitsu_bridge.kitsu.interface import Kitsu, Record

WHAT = ("name", "enabled", "dry_run")
WHEN = ("event", "projects", "task_types", "statuses_from", "statuses_to", "persons")
THEN = ("action_slug", "parameters", "runs_as", "person_id", "per_minute")

SEVERAL: dict[str, Callable[[Kitsu], list[Record]]] = {
    "projects": lambda kitsu: kitsu.open_projects(),
    "task_types": lambda kitsu: kitsu.task_types(),
    "statuses_from": lambda kitsu: kitsu.task_statuses(),
    "statuses_to": lambda kitsu: kitsu.task_statuses(),
}
"""Fields that hold ids, and where their names are read."""


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """As a studio manager sets it up."""

    class Meta:
        model = Rule
        fields = (*WHAT, *WHEN, *THEN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action_slug"] = one_of("Start the action", all_actions(), self.instance.action_slug)
        found, away = people()
        self.fields["person_id"] = one_of("Which person", found, self.instance.person_id, away, required=False)
        for name in (*SEVERAL, "persons"):
            choices, away = names_of(SEVERAL[name]) if name in SEVERAL else (found, away)
            usual: Any = Rule._meta.get_field(name)
            text = f"{usual.help_text} {away}".strip()
            self.fields[name] = several_of(str(usual.verbose_name), choices, getattr(self.instance, name), text)

    def clean_parameters(self) -> dict[str, Any]:
        """Empty is none."""
        return self.cleaned_data["parameters"] or {}
