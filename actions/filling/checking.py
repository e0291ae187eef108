"""What is wrong with a template before there is a task: for whoever writes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.filling.addresses import wrong_address
from actions.filling.bodies import parsed, texts_of
from actions.filling.templates import WrongTemplate, slots_of
from actions.filling.variables import unknown


def problems(template: str, syntax: str = "text") -> list[str]:
    """Every sentence about a template that can never be filled; `syntax` is the field's: `text`, `url` or `json`."""
    try:
        return list(dict.fromkeys(CHECKS[syntax](template)))
    except WrongTemplate as error:
        return [str(error)]


def _of_text(template: str) -> Iterable[str]:
    return [why for slot in slots_of(template) if (why := unknown(slot.name))]


def _of_url(template: str) -> Iterable[str]:
    wrong = wrong_address(template)
    return [*([wrong] if wrong else []), *_of_text(template)]


def _of_json(template: str) -> Iterable[str]:
    return [why for text in texts_of(parsed(template)) for why in _of_text(text)]


CHECKS: dict[str, Callable[[str], Iterable[str]]] = {"text": _of_text, "url": _of_url, "json": _of_json}
