"""What a job type wants to be told. The Manager checks nothing of it, so all of it is checked here before a job is sent."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from actions.farms.contract import FarmRefuses

PATHS = frozenset({"file_path", "dir_path", "hashed_file_path"})
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `evaluated`: Blender's add-on works its value out; nobody does for the bridge.

    `visible`: `visible submission web hidden`; what Blender's add-on shows are the first two. `editable` is false where it shows
    what it worked out, and nobody types it.
    """

    key: str
    type: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    evaluated: bool = False
    subtype: str = ""
    least: float | None = None
    most: float | None = None
    label: str = ""
    description: str = ""
    visible: str = "visible"
    editable: bool = True

    @property
    def is_path(self) -> bool:
        """Whether it is a path of the farm's machines."""
        return self.subtype in PATHS

    @property
    def words(self) -> str:
        """For a list: `frames (text, required)`."""
        more = [TYPES[self.type].words if self.type in TYPES else self.type]
        more += ["required"] if self.required and self.default is None else []
        more += [f"one of {', '.join(self.choices)}"] if self.choices else []
        more += [f"else {self.default}"] if self.default is not None else []
        return f"{self.key} ({', '.join(more)})"

    def wrong(self, value: Any) -> str:
        """What is wrong with a value, in words; empty when nothing is."""
        kind = TYPES.get(self.type)
        if kind is not None and not kind.fits(value):
            return f"{self.key} must be a {kind.words}, and is {_shown(value)}."
        if self.choices and value not in self.choices:
            return f"{self.key} must be one of {', '.join(self.choices)}, and is {_shown(value)}."
        if self.required and value == "":
            return f"{self.key} must not be empty."
        if isinstance(value, int | float) and not (_or(self.least, -math.inf) <= value <= _or(self.most, math.inf)):
            bounds = [f"{word} {bound:g}" for word, bound in (("at least", self.least), ("at most", self.most))
                      if bound is not None]  # fmt: skip
            return f"{self.key} must be {' and '.join(bounds)}, and is {value}."
        return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of values: its name, what fits, and how such a value is read from a text, as templates give texts only."""

    words: str
    fits: Callable[[Any], bool]
    read: Callable[[str], Any]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _read_whole(text: str) -> Any:
    found = float(text) if NUMBER.fullmatch(text) else math.nan
    return int(found) if found.is_integer() else text


BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

TYPES: Mapping[str, Kind] = {
    "string": Kind("text", lambda value: isinstance(value, str), str),
    "int32": Kind("whole number", _whole, _read_whole),
    "float": Kind("number", _number, lambda text: float(text) if NUMBER.fullmatch(text) else text),
    "bool": Kind("yes or no", lambda value: isinstance(value, bool), lambda text: BOOLEANS.get(text.lower(), text)),
}


@dataclass(frozen=True, slots=True)
class JobType:
    """A job type as the Manager has it. `etag`: which version of it."""

    name: str
    etag: str
    settings: tuple[Setting, ...]

    def __getitem__(self, key: str) -> Setting | None:
        return next((one for one in self.settings if one.key == key), None)

    @property
    def words(self) -> str:
        """All its settings in one line."""
        return f"{self.name} has the settings " + ", ".join(one.words for one in self.settings) + "."

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The settings with numbers and truths read from texts where the type wants such; what is no such stays."""
        found = dict(given)
        for one in self.settings:
            if isinstance(found.get(one.key), str) and one.type in TYPES:
                found[one.key] = TYPES[one.type].read(found[one.key])
        return found

    def completed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """With the type's own defaults where nothing was given: the Manager does not put them in."""
        defaults = {one.key: one.default for one in self.settings if one.default is not None}
        return {**defaults, **given}

    def problems(self, given: Mapping[str, Any]) -> Iterator[str]:
        """Every sentence about settings that this type cannot do with."""
        yield from self.unknown(given)
        for one in self.settings:
            if one.key in given:
                if why := one.wrong(given[one.key]):
                    yield why
            elif one.required:
                yield f"{one.key} is missing, which {self.name} requires."

    def unknown(self, given: Mapping[str, Any]) -> Iterator[str]:
        """A sentence for each setting that the type does not have."""
        known = [one.key for one in self.settings]
        for key in given:
            if key not in known:
                near = get_close_matches(key, known, 1)
                more = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
                yield f"{self.name} has no setting {_shown(key)}. {more}"


def job_type_of(row: Mapping[str, Any]) -> JobType:
    """A job type from what the Manager says of it. Raises `FarmRefuses` for what is none."""
    name, settings = row.get("name"), row.get("settings")
    if not isinstance(name, str) or not isinstance(settings, list):
        raise FarmRefuses("The Manager's job type cannot be read.")
    return JobType(name, str(row.get("etag") or ""), tuple(_setting(one) for one in settings if _is_setting(one)))


def _is_setting(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("key"), str) and bool(row["key"])


def _setting(row: Mapping[str, Any]) -> Setting:
    choices, bounds = row.get("choices"), row.get("propargs")
    bounds = bounds if isinstance(bounds, dict) else {}
    info = row["evalInfo"] if isinstance(row.get("evalInfo"), dict) else {}
    least, most = (bounds[name] if _number(bounds.get(name)) else None for name in ("min", "max"))
    return Setting(
        row["key"],
        str(row.get("type") or "string"),
        row.get("required") is True,
        row.get("default"),
        tuple(map(str, choices)) if isinstance(choices, list) else (),
        bool(row.get("eval")),
        str(row.get("subtype") or "").lower(),
        least,
        most,
        _text(row.get("label"))[:80],
        " ".join(filter(None, (_text(row.get("description")), _text(info.get("description")))))[:500],
        _text(row.get("visible")) or "visible",
        row.get("editable") is not False,
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _or(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"“{text[:80]}”"
