"""The sections of the file: actions, schedules and rules; what of each stands there, and how it is checked, kept and removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django_celery_beat.models import CrontabSchedule

from actions import history
from actions.listening import rules as of_rules
from actions.models import DEFINITION, RULE, Action, Rule, Schedule
from actions.schedules import changing
from actions.schedules import rules as of_schedules
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import is_id

Row = Action | Schedule | Rule
Find = Callable[[str], Action | None]
"""An action by its slug, as it will be."""

CRONTAB = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
"""In the order of crontab(5)."""

LISTS = ("projects", "task_types", "statuses", "statuses_from", "statuses_to", "persons")
"""Fields of schedules and rules that are lists of ids."""


@dataclass(frozen=True, slots=True)
class Section:
    """`key`: the field under whose value a row stands. `fields`: the others, in their order.

    `wrong`: what its own form would say beyond single fields, by field, where these actions are there.
    """

    name: str
    model: type[Row]
    key: str
    fields: tuple[str, ...]
    always: frozenset[str]
    wrong: Callable[[Any, Find], Mapping[str, str]]
    save: Callable[[Any, Person | None], object]
    delete: Callable[[Any, Person | None], None]

    def rows(self) -> dict[str, Row]:
        """All that there are, by key."""
        order = ("order", "name") if self.model is Action else (self.key,)
        return {getattr(row, self.key): row for row in self.model._default_manager.order_by(*order)}

    def new(self, key: str) -> Row:
        """One that is not there yet, as usual."""
        row = self.model(**{self.key: key})
        if isinstance(row, Schedule):
            row.times = CrontabSchedule(timezone=ZoneInfo("UTC"))
        return row

    def said(self, row: Row) -> dict[str, Any]:
        """Its fields as JSON."""
        own = {name: getattr(row, name) for name in self.fields if name not in {"times", "timezone"}}
        if not isinstance(row, Schedule):
            return own
        when = {
            "times": " ".join(getattr(row.times, name) for name in CRONTAB),
            "timezone": str(row.times.timezone),
        }
        return {name: when.get(name, own.get(name)) for name in self.fields}

    def take(self, row: Row, fields: Mapping[str, Any]) -> list[str]:
        """Give it these fields, all of them; what cannot be taken is said."""
        for name in self.fields:
            if name not in {"times", "timezone"}:
                setattr(row, name, fields[name])
        return _take_times(row, fields) if isinstance(row, Schedule) else []

    def refused(self, row: Row, find: Find) -> list[str]:
        """What the form in the admin would say."""
        if found := [f"{name}: Write a list of names or ids." for name in LISTS if _no_ids(getattr(row, name, []))]:
            return found
        try:
            row.clean_fields(exclude={"times"})
            row.validate_unique()
            return [f"{name}: {text}" for name, text in self.wrong(row, find).items()]
        except ValidationError as error:
            return [f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        except (TypeError, ValueError, AttributeError):
            return ["a value is of the wrong type."]

    def keep(self, row: Row, actor: Person | None) -> None:
        """Create or change it, with its event."""
        if isinstance(row, Schedule):
            row.times = _times(row.times)
        self.save(row, actor)


def _take_times(row: Schedule, fields: Mapping[str, Any]) -> list[str]:
    words = str(fields["times"]).split()
    if len(words) != len(CRONTAB):
        return [
            "times: Write five words as in crontab, such as “30 9 * * 1-5”: minute, hour, day, month, day of the week."
        ]
    try:
        zone = ZoneInfo(str(fields["timezone"]))
    except (ValueError, OSError, KeyError):  # As ZoneInfo fails for names that are none, or lead out of its folder.
        return [f"timezone: {str(fields['timezone'])[:80]!r} is no time zone."]
    row.times = CrontabSchedule(**dict(zip(CRONTAB, words, strict=True)), timezone=zone)
    try:
        row.times.clean_fields()
    except ValidationError as error:
        return [f"times: {' '.join(error.messages)}"]
    return []


def _times(times: CrontabSchedule) -> CrontabSchedule:
    """Those that are there already, where others have the same."""
    same = {name: getattr(times, name) for name in (*CRONTAB, "timezone")}
    return CrontabSchedule.objects.filter(**same).first() or CrontabSchedule.objects.create(**same)


def _no_ids(value: Any) -> bool:
    return not isinstance(value, list) or not all(isinstance(one, str) and is_id(one) for one in value)


def _wrong_action(action: Action, find: Find) -> dict[str, str]:
    """Raises `ValidationError`."""
    action.clean()
    return {}


SECTIONS = (
    Section(
        "actions", Action, "slug", tuple(name for name in DEFINITION if name != "slug"), frozenset({"name", "kind"}),
        _wrong_action, history.save_action, history.delete_action,
    ),
    Section(
        "schedules", Schedule, "name",
        ("enabled", "action_slug", "parameters", "times", "timezone", "missed", "person_id", "projects", "task_types",
         "statuses", "due", "days"),
        frozenset({"action_slug", "times", "timezone", "person_id"}),
        of_schedules.wrong, changing.save_schedule, changing.delete_schedule,
    ),
    Section(
        "rules", Rule, "name", tuple(name for name in RULE if name != "name"), frozenset({"event", "action_slug", "dry_run"}),
        of_rules.wrong, of_rules.save_rule, of_rules.delete_rule,
    ),
)  # fmt: skip
"""In the order in which they are brought in: what schedules and rules start is there by then."""
