"""One way to write a value as JSON, so that everybody who hashes it gets the same hash (in the manner of RFC 8785)."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> bytes:
    """The bytes of a value: keys sorted, no spaces, UTF-8. For values as `plain` makes them."""
    return _written(value).encode()


def parsed(text: str) -> Any:
    """JSON as a database keeps it, as `plain` would have it."""
    try:
        return _read(text)
    except ValueError:
        return text  # Somebody has been at it; its hash will not be that of anything.


def plain(value: Any) -> Any:
    """The value as both databases give it back: PostgreSQL's jsonb keeps neither 1e22 as a float, nor NUL, nor half a sign."""
    if isinstance(value, str):
        keeps = value.isascii() and "\x00" not in value  # Most do, and every call of a person waits for this.
        return value if keeps else value.replace("\x00", "").encode("utf-8", "replace").decode()
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, dict):
        return {plain(key if isinstance(key, str) else str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _number(value) if isinstance(value, float) else plain(str(value))


_read = json.JSONDecoder(parse_float=lambda text: _number(float(text))).decode


def _number(value: float) -> Any:
    """Whole numbers without a fraction, as jsonb reads them back; what JSON has no number for becomes text."""
    if not math.isfinite(value):
        return str(value)
    return int(Decimal(repr(value))) if value.is_integer() else value
