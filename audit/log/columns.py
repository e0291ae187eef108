"""The columns of the log: what each shows of an invocation. A column is a row of the table at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from audit.log.said import in_units
from audit.models import Invocation
from audit.states import Trust
from kitsu_bridge.templatetags.people import role
from kitsu_bridge.templatetags.times import clock

NOTHING = SafeString("")
ENTITIES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One of them. `usual`: shown to who has not chosen."""

    key: str
    label: str
    cell: Callable[[Invocation], SafeString | str]
    usual: bool = True
    number: bool = False


def _when(one: Invocation) -> SafeString:
    return format_html('<a href="{}" data-open>{}</a>', one.get_absolute_url(), clock(one.received_at))


def _name(text: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", text) if text else NOTHING


def _person(one: Invocation) -> SafeString:
    return format_html('<bdi title="{}">{}</bdi>', one.person_email, one.person_name or one.person_email or "–")


def _trust(one: Invocation) -> SafeString:
    doubtful = "" if one.trust == Trust.PROVEN else "soft"
    return format_html('<span class="{}">{}</span>', doubtful, one.get_trust_display())


def _productions(one: Invocation) -> SafeString:
    return format_html_join(", ", "<bdi>{}</bdi>", ((name,) for name in _texts(one.project_names)))


def _entities(one: Invocation) -> SafeString:
    """The first of them; of a list of rows, no more than its beginning was read (`walk.listed`)."""
    text = str(getattr(one, "entities_begin", one.entities))
    lines = text.split("\n")
    names = format_html_join(", ", "<bdi>{}</bdi>", ((line,) for line in lines[:ENTITIES_SHOWN] if line))
    return format_html("{}{}", names, ", …" if len(lines) > ENTITIES_SHOWN else "")


def _state(one: Invocation) -> SafeString:
    return format_html('<span class="pill {}">{}</span>', one.state, one.get_state_display())


def _duration(one: Invocation) -> str:
    return in_units(one.duration) if one.duration is not None else ""


def _said(one: Invocation) -> str:
    text = one.message or one.reason
    return f"{text[:140]}…" if len(text) > 141 else text


def _texts(values: Any) -> Iterable[str]:
    return (str(value) for value in values) if isinstance(values, list) else ()


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("when", "When", _when),
        Column("action", "Action", lambda one: _name(one.action_name or one.action_slug)),
        Column("kind", "Kind", lambda one: _name(one.kind), usual=False),
        Column("person", "Who", _person),
        Column("trust", "Trust", _trust),
        Column("role", "Role", lambda one: role(one.person_role), usual=False),
        Column("production", "Production", _productions),
        Column("entities", "Shots and assets", _entities),
        Column("tasks", "Tasks", lambda one: f"{one.task_count:,}", number=True),
        Column("state", "State", _state),
        Column("duration", "Duration", _duration, number=True),
        Column("door", "Door", lambda one: one.get_door_display(), usual=False),
        Column("said", "What became of it", lambda one: _name(_said(one))),
        Column("code", "Reason code", lambda one: one.reason_code, usual=False),
        Column("reference", "Reference", lambda one: one.reference, usual=False),
    )
}
ALWAYS = "when"
"""The column that leads to the invocation's page."""

USUAL = tuple(key for key, column in COLUMNS.items() if column.usual)


def known(keys: Collection[Any]) -> list[str]:
    """Those of the keys that are columns, in the table's order and with the one that is always there; or the usual ones."""
    found = [key for key in COLUMNS if key in keys]
    return [ALWAYS, *(key for key in found if key != ALWAYS)] if found else list(USUAL)


def table(
    invocations: Iterable[Invocation], keys: Collection[str]
) -> list[tuple[Invocation, list[tuple[Column, Any]]]]:
    """Each invocation with its cells."""
    columns = [COLUMNS[key] for key in known(keys)]
    return [(one, [(column, column.cell(one)) for column in columns]) for one in invocations]
