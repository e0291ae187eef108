"""What Kitsu's rows hold, as text: whatever a field has, the same for the same value, and without control characters."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any

from actions.filling.filters import Value

LONGEST = 10_000
"""Characters of one value."""


def value_of(found: Any) -> Value:
    """A field's value; the empty text for None. Lists of plain values stay lists, what is nested becomes JSON."""
    if isinstance(found, list | tuple) and not any(isinstance(item, dict | list | tuple) for item in found):
        return tuple(_text(item) for item in found)
    return _text(found)


def _text(found: Any) -> str:
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float):
        return str(int(found)) if math.isfinite(found) and found.is_integer() else str(found)
    if isinstance(found, dict | list | tuple):
        found = json.dumps(found, ensure_ascii=False, default=str)
    return clean(str(found)[:LONGEST])


def clean(text: str) -> str:
    """Without control characters and signs that turn the direction of writing; lines and tabs become spaces."""
    plain = text.encode("utf-8", "replace").decode()
    return "".join(_plain(one) for one in plain)


def _plain(one: str) -> str:
    kind = unicodedata.category(one)
    return " " if kind in {"Cc", "Zl", "Zp"} else "" if one in DIRECTIONS else one


DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make a name read as another one ("Trojan Source", CVE-2021-42574)."""
