"""A kind's parameters as flags of a command line: `--count 3 --loud --several a --several c`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from actions.kinds.hints import REQUIRED, FieldSpec

DESTINATION = "param_"
"""What the names of the parsed values begin with, so that they never meet the command's own."""


def add_flags(parser: argparse.ArgumentParser, specs: Sequence[FieldSpec]) -> None:
    """A flag for each parameter, with its choices, its help and its default."""
    group = parser.add_argument_group("parameters")
    for spec in specs:
        group.add_argument(flag_of(spec), dest=DESTINATION + spec.name, help=_help(spec), **_how(spec))


def flag_of(spec: FieldSpec) -> str:
    """`for_client` -> `--for-client`."""
    return f"--{spec.name.replace('_', '-')}"


def given_by_flags(specs: Sequence[FieldSpec], parsed: argparse.Namespace) -> dict[str, Any]:
    """The values that were given, as a form would be sent them; what was not given is left out.

    Raises `argparse.ArgumentTypeError` for text that should be JSON and is none.
    """
    found = {}
    for spec in specs:
        value = getattr(parsed, DESTINATION + spec.name, None)
        if value is not None:
            found[spec.name] = _value(spec, value)
    return found


def _how(spec: FieldSpec) -> dict[str, Any]:
    how: dict[str, Any] = {"default": None, "required": spec.required and spec.type != "boolean"}
    if spec.type == "boolean":
        return how | {"action": argparse.BooleanOptionalAction}
    if spec.choices:
        how["choices"] = [value for value, _ in spec.choices]
    else:
        how["metavar"] = "FILE" if spec.about.secret else spec.type.upper()
    return how | ({"action": "append"} if spec.several else {})


def _value(spec: FieldSpec, value: Any) -> Any:
    if spec.type not in {"json", "list"}:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{flag_of(spec)} is no JSON: {error}") from None


def _help(spec: FieldSpec) -> str:
    default = "" if spec.default in (REQUIRED, None, "", ()) else f" (default: {spec.default})"
    unit = f" [{spec.about.unit}]" if spec.about.unit else ""
    secret = " Give a file that holds it, or - for standard input." if spec.about.secret else ""
    return f"{spec.about.help or spec.label}{unit}{default}{secret}".replace("%", "%%")
