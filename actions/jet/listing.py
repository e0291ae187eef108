"""The answer to `get_action_list`: the bridge's actions that this token may be for, and the studio's own."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from actions.gate.door import enabled, kind_enabled, role_somewhere
from actions.gate.scope import action_in
from actions.gate.verdict import first_no
from actions.jet.asking import Asking
from actions.jet.fields import param_of
from actions.jet.handlers import call, handler_of
from actions.models import Action
from actions.parameters.asked import parameters_of

LIST = "get_action_list"

CONFIRMED = "confirmed"
"""The parameter that stands for a person's yes, of actions that ask for one before they run."""

YES = {
    "name": CONFIRMED,
    "field": "BooleanField",
    "required": False,
    "verbose_name": "Yes, run it without showing a plan",
}


def action_list(asking: Asking) -> list[Any]:
    """All of them; an action of the studio's with a name of ours is not among them."""
    ours = [_listed(action) for action in Action.objects.filter(enabled=True).order_by("order", "name")
            if _may(asking, action.definition())]  # fmt: skip
    taken = set(Action.objects.values_list("slug", flat=True))
    return [*ours, *(one for one in studios_list(asking) if one.get("name") not in taken)]


def studios_list(asking: Asking) -> list[dict[str, Any]]:
    """What the studio's own handler lists; nothing for a token that is for some actions or productions only."""
    handler = handler_of(LIST)
    if handler is None or asking.narrow:
        return []
    found = call(handler, LIST, {}, asking)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list | tuple) else []


def asks_first(definition: dict[str, Any]) -> bool:
    """Whether a person sees what it will do before it runs."""
    return any(definition.get(name) for name in ("confirm_first", "type_count_above", "approvers"))


def _may(asking: Asking, definition: dict[str, Any]) -> bool:
    checks = (
        enabled(definition),
        kind_enabled(definition["kind"]),
        action_in(asking.proof.scope, definition),
        role_somewhere(definition, asking.person),
    )
    return bool(first_no(checks))


def _listed(action: Action) -> dict[str, Any]:
    """An action runs on records, one or many in one call. Those of entities stand for their tasks."""
    definition = action.definition()
    params = _params(definition)
    return {
        "name": action.slug,
        "verbose_name": action.name,
        "model_action": {
            "model": [*settings.JET_TASK_MODELS, *settings.JET_ENTITY_MODELS],
            "for_instance": True,
            "bulk": True,
        },
        "params": [*params, YES] if asks_first(definition) else params,
    }


def _params(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that may be sent, also of an action in the background; what has a value beforehand need not be."""
    fixed, given = set(definition.get("fixed") or ()), definition.get("values") or {}
    asked = [spec for spec in parameters_of(definition) if spec.name not in fixed]
    return [param_of(spec) | ({"required": False} if given.get(spec.name) else {}) for spec in asked]
