"""Filling JSON: the template is JSON first, and only its texts have variables, so that no value can end a string."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from actions.contract import ActionError
from actions.filling.templates import WrongTemplate
from actions.filling.texts import fill
from actions.filling.variables import Variables

DEEPEST = 50
"""Lists and objects within each other."""

LONGEST = 1_000_000
"""Characters of all filled texts together."""


def fill_json(template: str, variables: Variables, written: Callable[[str], str] = str) -> Any:
    """The JSON value with all its texts filled, those of keys too. Raises `ActionError`.

    `written`: how a value is written where signs of it would mean something.
    """
    return _Filling(variables, written).of(parsed(template))


def parsed(template: str) -> Any:
    """The template as JSON. Raises `WrongTemplate` with the place."""
    try:
        found = json.loads(template, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise WrongTemplate(
            f"This is no JSON: {error.msg} at line {error.lineno}, character {error.colno}. "
            'Variables stand within texts: {"name": "{entity_name}"}.'
        ) from None
    except RecursionError:
        found = None
    if (found is None and template.strip() != "null") or _depth(found) > DEEPEST:
        raise WrongTemplate(f"It is nested too deeply: {DEEPEST} lists and objects within each other are the most.")
    return found


def texts_of(found: Any) -> Iterator[str]:
    """All texts of a JSON value, keys too."""
    for value, _ in _walked(found):
        if isinstance(value, dict):
            yield from value
        elif isinstance(value, str):
            yield value


class _Filling:
    """Fills one value, and counts what it has grown to."""

    def __init__(self, variables: Variables, written: Callable[[str], str]) -> None:
        self._variables, self._written, self._left = variables, written, LONGEST

    def of(self, found: Any) -> Any:
        if isinstance(found, str):
            return self._text(found)
        if isinstance(found, dict):
            return {self._text(key): self.of(value) for key, value in found.items()}
        return [self.of(item) for item in found] if isinstance(found, list) else found

    def _text(self, template: str) -> str:
        filled = fill(template, self._variables, self._written)
        self._left -= len(filled)
        if self._left < 0:
            raise ActionError(f"The JSON would have more than {LONGEST:,} characters. Select fewer tasks.")
        return filled


def _no_number(name: str) -> Any:
    """Python reads NaN and Infinity; JSON has no word for them (RFC 8259, section 6)."""
    raise WrongTemplate(f"This is no JSON: {name} is no number there.")


def _depth(found: Any) -> int:
    return max((depth for value, depth in _walked(found) if isinstance(value, dict | list)), default=0)


def _walked(found: Any) -> Iterator[tuple[Any, int]]:
    """Every value within, and how deep it stands, in their order."""
    left = [(found, 1)]
    while left:
        value, depth = left.pop()
        yield value, depth
        within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        left += [(item, depth + 1) for item in reversed(list(within))]
