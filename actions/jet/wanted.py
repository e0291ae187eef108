"""What `execute_action` asks for, in the forms of Jet's client and of its older guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action by its name, on records of a model; `inverse`: on all but these."""

    name: str
    model: str = ""
    ids: tuple[str, ...] = ()
    inverse: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)


def read_wanted(params: Any, own: frozenset[str] = frozenset()) -> Wanted:
    """Raises `ValidationError`. `own`: parameters of the action, which are never taken for ids.

    Jet's client says `id` or `ids` and `inverseIds`; its guide reads `params.ids`, joined with commas.
    """
    if not isinstance(params, dict) or not isinstance(params.get("name"), str):
        raise ValidationError("Say which action: params.name is missing.")
    inner = params.get("params") or {}
    if not isinstance(inner, dict):
        raise ValidationError({"params": ["not an object"]})
    apart = {name: value for name, value in inner.items() if name in IDS and name not in own}
    ids: Any = next((one[name] for one in (params, apart) for name in ("ids", "id") if one.get(name) not in NONE), [])
    inverse = any(one.get(name) in YES for one in (params, apart) for name in ("inverseIds", "inverse_ids"))
    rest = {name: value for name, value in inner.items() if name not in apart}
    return Wanted(params["name"], _model(params.get("model")), _ids(ids), inverse, rest)


IDS = frozenset({"ids", "id", "inverseIds", "inverse_ids"})
NONE: tuple[Any, ...] = (None, "", [])
YES = (True, "true", "True", "1")


def _model(sent: Any) -> str:
    """`task` of `task` and of `zou;task`, as old versions of jet-django say it."""
    return sent.rpartition(";")[2].lower() if isinstance(sent, str) else ""


def _ids(sent: Any) -> tuple[str, ...]:
    several = sent if isinstance(sent, list) else str(sent).split(",")
    return tuple(text for one in several if (text := str(one).strip()))
