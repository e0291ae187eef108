"""Reads a message: its name and its params, as Jet Bridge reads them.

Sources: `Request.__init__` in jet_bridge_base/request.py, `MessageSerializer` and the fields it is made of (1.12.13).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from actions.doors.payload import raw_body

MISSING = object()


@dataclass(frozen=True, slots=True)
class Message:
    """What Jet wants by its name, and with what."""

    name: str
    params: Any


def read_message(request: HttpRequest) -> Message:
    """Raises `ValidationError` for what is no message, `Refusal` for a body that did not come whole."""
    sent = _sent(request)
    name = sent.get("name", MISSING)
    if name is MISSING:
        raise ValidationError({"name": ["this field is required"]})
    return Message(_as_text(name), _decoded(sent.get("params", {})))


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    body, broken = raw_body(request)
    if broken is not None:
        raise broken
    if not (request.headers.get("Content-Type") or "").startswith("application/json"):
        return {name: value if len(value) > 1 else value[0] for name, value in request.POST.lists() if value}
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number) if body else {}
    except (ValueError, RecursionError) as error:
        raise ValidationError(f"Incorrect JSON body: {error}") from None
    return found if isinstance(found, dict) else {}


def _as_text(name: Any) -> str:
    if isinstance(name, list):
        return ",".join(str(one) for one in name if one is not None)
    return "" if name is None else str(name)


def _decoded(params: Any) -> Any:
    """JSON in a text, as forms send it; any other text is left as it is."""
    if not isinstance(params, str):
        return params
    try:
        return json.loads(params, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return params


def _no_number(name: str) -> Any:
    """Python reads NaN and Infinity, which are no JSON and which PostgreSQL does not keep."""
    raise ValueError(f"{name} is not JSON")
