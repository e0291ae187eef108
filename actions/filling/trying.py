"""A template filled to be looked at, whichever syntax it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from actions.contract import ActionError
from actions.filling.addresses import fill_url
from actions.filling.bodies import fill_json
from actions.filling.checking import problems
from actions.filling.texts import fill
from actions.filling.variables import Variables


def tried(template: Any, syntax: str, variables: Variables | None) -> str:
    """What it becomes; a list line by line. Raises `ActionError` with what is wrong, without variables too."""
    if not isinstance(template, str):
        return "\n".join(tried(one, syntax, variables) for one in template)
    if wrong := problems(template, syntax):
        raise ActionError(" ".join(wrong))
    return FILLERS[syntax](template, variables) if variables is not None else ""


def _json(template: str, variables: Variables) -> str:
    return json.dumps(fill_json(template, variables), indent=2, ensure_ascii=False)


FILLERS: dict[str, Callable[[str, Variables], str]] = {"text": fill, "url": fill_url, "json": _json}
