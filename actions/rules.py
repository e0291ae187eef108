"""What an action may not be, whichever way it comes in: the form, an import, a command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from actions.approvals.rules import WHO as APPROVERS
from actions.contract import ActionError
from actions.kinds.forms import wrong_options, wrong_values
from actions.kinds.hints import make
from actions.kinds.settings import settings_for_kinds
from actions.registry import Kind, kinds
from audit.states import Trust
from kitsu_bridge.kitsu.people import ROLES
from kitsu_bridge.kitsu.resolve import is_id

if TYPE_CHECKING:
    from actions.models import Action

ENTITY_TYPES = ("asset", "shot", "sequence", "episode", "edit", "concept")
"""Kinds of entity that have tasks in Kitsu."""


def broken_rules(action: Action) -> Iterator[tuple[str, str]]:
    """Field and sentence for everything that is wrong with an action beyond its single fields."""
    kind = kinds().get(action.kind)
    if kind is None:
        yield "kind", f"There is no kind {action.kind!r}; there are: {', '.join(kinds())}."
    elif kind.error:
        yield "kind", f"The file of this kind is broken: {kind.complaint}"
    else:
        yield from (("options", text) for text in wrong_options_of(kind, action.options))
        yield from (
            ("values", text)
            for text in wrong_values(kind.parameters, action.values, action.fixed, asks=not action.background)
        )
        if action.background and (why := _needs_tab(kind, action.options)):
            yield "background", why
    if action.background and action.confirm_first:
        yield "confirm_first", "Nobody would see the question: it runs in the background."
    if action.background and action.type_count_above:
        yield "type_count_above", "Nobody would see the question: it runs in the background."
    if action.queue and action.queue not in settings.QUEUES:
        yield "queue", f"There is no queue {action.queue!r} in QUEUES."
    yield from _wrong_telling(action)
    yield from _wrong_consent(action)
    yield from _wrong_list("roles", action.roles, ROLES)
    yield from _wrong_list("entity_types", action.entity_types, ENTITY_TYPES)
    for name in ("projects", "departments"):
        yield from _wrong_ids(name, getattr(action, name))


def _wrong_telling(action: Action) -> Iterator[tuple[str, str]]:
    """What would keep the telling action from running; one that is not there yet may still be imported."""
    if action.tell_with and action.tell_with == action.slug:
        yield "tell_with", "An action cannot tell of itself."
        return
    other = type(action).objects.filter(slug=action.tell_with).first() if action.tell_with else None
    if other is None:
        return
    kind = kinds().get(other.kind)
    if kind is not None and _needs_tab(kind, other.options):
        yield "tell_with", f"“{other.name}” opens something in the browser, and nobody is there to see it."
    if action.trust == Trust.CLAIMED and other.trust == Trust.PROVEN:
        yield "tell_with", f"This action takes claims, and “{other.name}” wants proof of who asks."


def _wrong_consent(action: Action) -> Iterator[tuple[str, str]]:
    """Consent that nobody could ever give."""
    yield from _wrong_list("approvers", action.approvers, tuple(APPROVERS))
    yield from _wrong_ids("approver_ids", action.approver_ids)
    named = isinstance(action.approvers, list) and "named" in action.approvers
    if named and not action.approver_ids:
        yield "approver_ids", "Name the people whose consent is asked."
    elif named and action.approvers == ["named"] and len(action.approver_ids) < action.approvals_needed:
        yield "approvals_needed", "More yeses are needed than people are named."
    elif action.approver_ids and not named:
        yield "approver_ids", "Nobody asks them: choose “the people named for it”, or take them away."


def worth_knowing(action: Action) -> Iterator[str]:
    """What is no mistake, but may surprise somebody."""
    if action.background and not action.tell_with:
        yield (
            f"Nobody is told when “{action.name}” has ended: Kitsu shows nothing of what runs in the background. "
            "Choose another action to tell of it, or let its people look under “Mine”."
        )


def _needs_tab(kind: Kind, options: Any) -> str:
    """Why actions with these options cannot run where nobody looks; empty where they can."""
    if kind.opens_in_browser:
        return "This kind opens something in the browser, and Kitsu throws away what AJAX answers."
    if kind.only_in_browser is None or kind.options_class is None or wrong_options_of(kind, options):
        return ""
    return kind.only_in_browser(make(kind.options_class, options))


def wrong_options_of(kind: Kind, options: Any) -> list[str]:
    """What the form has against the options; if nothing, what the options object or the kind itself has."""
    wrong = wrong_options(kind.options, options)
    if wrong or kind.options_class is None:
        return wrong
    try:
        made = make(kind.options_class, options)
        return list(kind.wrong(made, settings_for_kinds())) if kind.wrong else []
    except (ActionError, ValueError) as error:
        return [str(error)]
    except Exception as error:  # noqa: BLE001 - a studio's own kind must not take the form down
        return [f"The kind itself fails at these options: {type(error).__name__}: {error}"]


def _wrong_list(name: str, value: Any, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list) or any(item not in known for item in value):
        yield name, f"Write a list of some of: {', '.join(known)}."


def _wrong_ids(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list) or not all(isinstance(item, str) and is_id(item) for item in value):
        yield name, "Write a list of ids."
