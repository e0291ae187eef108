"""Filling plain text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from actions.contract import ActionError
from actions.filling.filters import text_of
from actions.filling.templates import Piece, Slot, WrongTemplate, parse
from actions.filling.variables import Variables

LONGEST = 100_000
"""Characters of a filled text."""


def fill(template: str, variables: Variables, written: Callable[[str], str] = str) -> str:
    """The text with every variable's value. Raises `ActionError` for an unknown or empty one, naming it and the task.

    `written`: how a value is written where signs of it would mean something.
    """
    pieces = parse(template)
    filled = "".join(one if isinstance(one, str) else written(text_of(variables.value(one))) for one in pieces)
    if len(filled) > LONGEST:
        raise ActionError(
            f"The text would have {len(filled):,} characters; {LONGEST:,} are the most. Select fewer tasks."
        )
    return filled


def fill_known(template: str, variables: Variables, *, again: bool = False) -> str:
    """The text with the values that are there; what is unknown, empty or not read yet stays as it was written.

    `again`: what comes out will be filled once more, so that a brace in a name of Kitsu must not begin a variable there.
    """
    try:
        return "".join(_known(piece, variables, again=again) for piece in parse(template))[:LONGEST]
    except WrongTemplate:
        return template


def _known(piece: Piece, variables: Variables, *, again: bool) -> str:
    found = piece if isinstance(piece, str) else None
    if isinstance(piece, Slot) and not variables.waits_for_tasks(piece.name):
        with suppress(ActionError):
            found = text_of(variables.value(piece))
    if found is None:
        return piece.source if isinstance(piece, Slot) else ""
    return found.replace("{", "{{").replace("}", "}}") if again else found
