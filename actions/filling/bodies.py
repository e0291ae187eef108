"""Filling JSON: the template is JSON first, and only its texts have variables, so that no value can end a string."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actions.filling.templates import WrongTemplate
from actions.filling.texts import fill
from actions.filling.variables import Variables


def fill_json(template: str, variables: Variables) -> Any:
    """The JSON value with all its texts filled, those of keys too. Raises `ActionError`."""
    return _filled(parsed(template), variables)


def parsed(template: str) -> Any:
    """The template as JSON. Raises `WrongTemplate` with the place."""
    try:
        return json.loads(template)
    except json.JSONDecodeError as error:
        raise WrongTemplate(
            f"This is no JSON: {error.msg} at line {error.lineno}, character {error.colno}. "
            'Variables stand within texts: {"name": "{entity_name}"}.'
        ) from None
    except RecursionError:
        raise WrongTemplate("This is no JSON: it is nested too deeply.") from None


def texts_of(found: Any) -> Iterator[str]:
    """All texts of a JSON value, keys too."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield key
            yield from texts_of(value)
    elif isinstance(found, list):
        for item in found:
            yield from texts_of(item)


def _filled(found: Any, variables: Variables) -> Any:
    if isinstance(found, str):
        return fill(found, variables)
    if isinstance(found, dict):
        return {fill(key, variables): _filled(value, variables) for key, value in found.items()}
    return [_filled(item, variables) for item in found] if isinstance(found, list) else found
