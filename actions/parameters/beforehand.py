"""Parameters that are written down before anybody asks: of a schedule, of a rule."""

from __future__ import annotations

from typing import Any

from actions.models import Action
from actions.parameters.sent import WrongParameters, given_by


def stored_action(slug: str) -> Action | None:
    """The action of this slug."""
    return Action.objects.filter(slug=slug).first()


def wrong_parameters(action: Action | None, parameters: Any) -> str:
    """Why the action would refuse these parameters; empty where it takes them. Nobody is there to be asked."""
    if action is None:
        return "Choose an action: this one is gone."
    if not isinstance(parameters, dict):
        return 'Write an object, such as {"text": "Late"}.'
    try:
        given = given_by(action.definition(), parameters)
    except WrongParameters as error:
        return str(error)
    return "Secrets and files cannot be kept here." if given.secrets or given.files else ""
