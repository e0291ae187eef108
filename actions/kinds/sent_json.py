"""JSON that somebody sent, read strictly: what JSON itself, a database or a page has no place for is refused."""

from __future__ import annotations

import json
import math
from typing import Any

from kitsu_bridge.kitsu.storable import storable

DEEPEST = 100
"""Lists and objects within each other: whoever reads them must not exhaust Python's stack."""


def read_json(text: str) -> Any:
    """The value. Raises `ValueError` with a sentence for people."""
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        _demand_flat(found, DEEPEST)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, character {error.colno}.") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if storable(found) != found:
        raise ValueError("It holds a NUL, or half of a character.")
    return found


TOO_DEEP = f"More than {DEEPEST} lists and objects are within each other."


def _demand_flat(value: Any, left: int) -> None:
    if left < 0:
        raise ValueError(TOO_DEEP)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _demand_flat(item, left - 1)


def _finite(text: str) -> float:
    """Python makes infinity of what is too large."""
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> Any:
    """Python reads NaN and Infinity; JSON has no word for them (RFC 8259, section 6), and neither has PostgreSQL."""
    raise ValueError(f"{text[:40]} is no number.")
