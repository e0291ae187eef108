"""Filters: what stands after a bar in `{entity_name|slug}`. Each changes a value a little, or says why it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

Value = str | tuple[str, ...]
"""What a variable stands for; the empty text or tuple where there is nothing."""

LONGEST_PART = 120
"""Characters of a path part; most file systems end at 255 bytes."""

RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, with any ending ("Naming Files, Paths, and Namespaces", learn.microsoft.com)."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `argument`: what stands after the colon: nothing, a whole `number`, or `text`.

    `whole`: it takes a list as one value; the others go over its items.
    """

    sentence: str
    change: Callable[[Value, str], Value]
    argument: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter with its argument, as a slot names it."""

    name: str
    argument: str = ""

    def __call__(self, value: Value) -> Value:
        """The value changed. Raises `ValueError` with a sentence when this value cannot be."""
        found = FILTERS[self.name]
        if found.whole or isinstance(value, str):
            return found.change(value, self.argument) if value or found.whole else value
        return tuple(text_of(found.change(item, self.argument)) for item in value)


def filter_of(name: str, argument: str | None) -> Applied:
    """The filter of this name. Raises `ValueError` with a sentence for an unknown name or a wrong argument."""
    found = FILTERS.get(name)
    if found is None:
        near = get_close_matches(name.lower(), FILTERS, 1)
        more = f"Did you mean |{near[0]}?" if near else f"There are: {', '.join(FILTERS)}."
        raise ValueError(f"there is no filter |{name[:40]}. {more}")
    if found.argument and argument is None:
        raise ValueError(f"|{name} needs a {found.argument} after a colon, such as {EXAMPLES[name]}.")
    if not found.argument and argument is not None:
        raise ValueError(f"|{name} takes nothing after a colon.")
    if found.argument == "number" and not re.fullmatch(r"\s*[+-]?[0-9]{1,6}\s*", argument or ""):
        raise ValueError(f"|{name} needs a whole number after the colon, such as {EXAMPLES[name]}.")
    if name in BOUNDED and not 1 <= int(argument or "") <= BOUNDED[name]:
        raise ValueError(f"|{name} takes 1 to {BOUNDED[name]}.")
    return Applied(name, argument or "")


def text_of(value: Value) -> str:
    """A value as text: a list joined with commas, as Kitsu joins a selection."""
    return value if isinstance(value, str) else ",".join(value)


def _slug(value: Value, _argument: str) -> str:
    plain = unicodedata.normalize("NFKD", text_of(value)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _path(value: Value, _argument: str) -> str:
    """One part of a path on any system: no separator, nothing hidden, no way up, no device of Windows."""
    plain = unicodedata.normalize("NFC", text_of(value))
    plain = "".join(one if one.isalnum() or unicodedata.combining(one) or one in "._-+=@#" else "_" for one in plain)
    plain = plain.strip("._")[:LONGEST_PART].rstrip("._")
    return f"_{plain}" if plain.split(".")[0].lower() in RESERVED else plain


def _pad(value: Value, argument: str) -> str:
    return str(_number(value)).zfill(int(argument))


def _add(value: Value, argument: str) -> str:
    return str(_number(value) + int(argument))


def _number(value: Value) -> int:
    text = text_of(value).strip()
    if not re.fullmatch(r"-?[0-9]{1,18}(\.0*)?", text):
        raise ValueError("it is no whole number")
    return int(text.partition(".")[0])


def _items(value: Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value)


FILTERS: dict[str, Filter] = {
    "lower": Filter("Small letters.", lambda value, _: text_of(value).lower()),
    "upper": Filter("Capital letters.", lambda value, _: text_of(value).upper()),
    "slug": Filter("Small ASCII letters, digits and hyphens: `SH 010_Ä` becomes `sh-010-a`.", _slug),
    "path": Filter("One safe part of a path: no slash, no way up, nothing that a file system refuses.", _path),
    "pad": Filter("A whole number with zeros before it: `{frame_in|pad:6}` is `001001`.", _pad, "number"),
    "add": Filter("A whole number with another added: `{frame_in|add:-8}` is `993`.", _add, "number"),
    "cut": Filter(
        "At most so many characters: `{entity_name|cut:20}`.",
        lambda value, count: text_of(value)[: int(count)],
        "number",
    ),
    "default": Filter(
        "This text where there is no value: `{assignees|default:nobody}`.",
        lambda value, text: value or text,
        "text",
        whole=True,
    ),
    "join": Filter(
        "A list with this between its items, instead of commas: `{selection|join:+}`.",
        lambda value, text: text.join(_items(value)),
        "text",
        True,
    ),
    "first": Filter("The first item of a list.", lambda value, _: (*_items(value), "")[0], whole=True),
    "last": Filter("The last item of a list.", lambda value, _: ("", *_items(value))[-1], whole=True),
}
"""All filters by name."""

EXAMPLES = {"pad": "pad:4", "add": "add:-8", "cut": "cut:20", "default": "default:none", "join": "join:+"}
BOUNDED = {"pad": 20, "cut": 1000}
"""The largest argument, for those that make something longer or cut it."""
