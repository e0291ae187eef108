"""Which parameters of an action a person is asked, and which the studio manager has given beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.kinds.hints import FieldSpec
from actions.registry import kinds


def asked_of(definition: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """The parameters to ask for, in their order. In the background nobody is there to ask."""
    if definition.get("background"):
        return ()
    fixed = set(definition.get("fixed") or ())
    return tuple(spec for spec in parameters_of(definition) if spec.name not in fixed)


def given_beforehand(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The values of those that are not asked, as JSON; without a value the handler's own default counts."""
    values = definition.get("values") or {}
    asked = {spec.name for spec in asked_of(definition)}
    return {spec.name: values[spec.name] for spec in parameters_of(definition)
            if spec.name not in asked and spec.name in values}  # fmt: skip


def still_asked(definition: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given earlier, without what the studio manager has fixed since."""
    fixed = given if definition.get("background") else definition.get("fixed") or ()
    return {name: value for name, value in given.items() if name not in fixed}


def parameters_of(definition: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """All parameters of the definition's kind; none of a kind that is not installed."""
    kind = kinds().get(definition.get("kind", ""))
    return kind.parameters if kind else ()
