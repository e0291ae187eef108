"""What a template is made of: text, and slots such as `{entity_name|slug}`. `{{` and `}}` are braces.

A template is never given to Python's own `format`: a slot names a row of a table, and nothing else can be reached from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from actions.contract import ActionError
from actions.filling.filters import Applied, filter_of

LONGEST = 10_000
"""Characters of a template."""

MOST_SLOTS = 200

PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
NAME = re.compile(r"[^\W\d]\w*(?:\..{1,200})?", re.DOTALL)


class WrongTemplate(ActionError):
    """A template that can be filled for no task: the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A variable in a template, with its filters; `source` is how it was written."""

    name: str
    filters: tuple[Applied, ...]
    source: str


Piece = str | Slot


@lru_cache(maxsize=512)
def parse(template: str) -> tuple[Piece, ...]:
    """The texts and slots of a template, in order. Raises `WrongTemplate`."""
    if len(template) > LONGEST:
        raise WrongTemplate(f"It has {len(template):,} characters; {LONGEST:,} are the most.")
    pieces: list[Piece] = []
    end = 0
    for found in PARTS.finditer(template):
        pieces += [template[end : found.start()], _piece(found)]
        end = found.end()
    pieces.append(template[end:])
    if sum(isinstance(piece, Slot) for piece in pieces) > MOST_SLOTS:
        raise WrongTemplate(f"It has more than {MOST_SLOTS} variables.")
    return tuple(piece for piece in pieces if piece)


def slots_of(template: str) -> tuple[Slot, ...]:
    """The slots of a template. Raises `WrongTemplate`."""
    return tuple(piece for piece in parse(template) if isinstance(piece, Slot))


def _piece(found: re.Match[str]) -> Piece:
    whole, inner = found.group(0), found.group(1)
    if whole in {"{{", "}}"}:
        return whole[0]
    if inner is None:
        side = "not closed" if whole == "{" else "never opened"
        raise WrongTemplate(f"The {whole} at character {found.start() + 1} is {side}. Write {whole * 2} for a brace.")
    return _slot(inner, whole)


def _slot(inner: str, source: str) -> Slot:
    name, *filters = inner.split("|")
    if not NAME.fullmatch(name.strip()):
        raise WrongTemplate(
            f"{shown(source)} names no variable: write {{entity_name}}, or {{{{ and }}}} for braces of your own."
        )
    return Slot(name.strip(), tuple(_applied(one, source) for one in filters), source)


def _applied(written: str, source: str) -> Applied:
    name, colon, argument = written.partition(":")
    try:
        return filter_of(name.strip(), argument if colon else None)
    except ValueError as error:
        raise WrongTemplate(f"{shown(source)}: {error}") from None


def shown(text: str) -> str:
    """A piece of a template, or a name from Kitsu, as a sentence may quote it."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
