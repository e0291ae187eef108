"""Links that open an action's form with values in it; following one runs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from actions.kinds.hints import FieldSpec
from actions.kinds.sent_json import read_json
from actions.parameters.asked import asked_of
from audit.models import Invocation
from kitsu_bridge.kitsu.storable import storable

BEFORE = "param."
"""What stands before a parameter's name in a link."""

LONGEST = 4000
"""Characters: many servers and programs cut what is longer."""


def link_with(request: HttpRequest, invocation: Invocation, given: dict[str, Any]) -> str:
    """The action's URL with this selection and these values; without secrets and files. Empty where it would be too long."""
    pairs = [("selection", ",".join(invocation.task_ids))]
    for spec in asked_of(invocation.definition):
        if spec.name in given and _may_travel(spec):
            pairs += [(BEFORE + spec.name, _text(one)) for one in _each(spec, given[spec.name])]
    path = f"{reverse('run', args=[invocation.action_slug])}?{urlencode(pairs)}"
    host = settings.BRIDGE_URL.removesuffix(settings.FORCE_SCRIPT_NAME or "")
    link = f"{host}{path}" if host else request.build_absolute_uri(path)
    return link if len(link) <= LONGEST else ""


def suggested(fields: Iterable[tuple[str, Any]], specs: Iterable[FieldSpec]) -> dict[str, Any]:
    """The values that a link carries for these parameters, bounded; the form checks them when it is sent."""
    known = {BEFORE + spec.name: spec for spec in specs if _may_travel(spec)}
    found: dict[str, Any] = {}
    for name, value in fields:
        spec = known.get(str(name))
        if spec is None or not isinstance(value, str) or len(value) > LONGEST or storable(value) != value:
            continue
        if spec.several:
            found.setdefault(spec.name, []).append(value)
        else:
            found[spec.name] = _value(spec, value)
    return found


def _may_travel(spec: FieldSpec) -> bool:
    return not spec.about.secret and spec.type != "file"


def _each(spec: FieldSpec, value: Any) -> list[Any]:
    return list(value) if spec.several else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _value(spec: FieldSpec, text: str) -> Any:
    if spec.type in {"boolean", "json", "list"}:
        try:
            return read_json(text)
        except ValueError:
            return None
    return text
