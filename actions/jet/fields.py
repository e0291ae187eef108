"""Jet's 16 fields of parameters and our types, from the one to the other.

Jet's names: `FieldType` of jet-admin-sdk 0.0.7 (npm). Foreign keys name the tables of Zou's own database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from actions.contract import Field
from actions.kinds.hints import REQUIRED, FieldSpec, to_json

TABLES = {
    "person": "person",
    "task_status": "task_status",
    "task_type": "task_type",
    "project": "project",
    "playlist": "playlist",
    "asset_type": "entity_type",
    "department": "department",
}
"""Where Zou 1.0.97 keeps what an id of ours stands for (`__tablename__`, or the name of the model in small letters)."""

OURS: dict[str, tuple[str, Field]] = {
    "BooleanField": ("boolean", Field()),
    "CharField": ("text", Field()),
    "TextField": ("text", Field(long=True)),
    "TranslatableField": ("text", Field()),
    "CodeField": ("text", Field(long=True, syntax="code")),
    "SqlField": ("text", Field(long=True, syntax="sql")),
    "IntegerField": ("integer", Field()),
    "FloatField": ("float", Field()),
    "DecimalField": ("decimal", Field()),
    "DateField": ("date", Field()),
    "TimeField": ("time", Field()),
    "DateTimeField": ("datetime", Field()),
    "TimestampField": ("datetime", Field()),
    "JSONField": ("json", Field()),
    "SelectField": ("choice", Field()),
    "ForeignKey": ("text", Field()),
}
"""What each of Jet's fields is here; a foreign key to a table of Zou's is the id of what stands there."""

JETS = {
    "boolean": "BooleanField",
    "integer": "IntegerField",
    "float": "FloatField",
    "decimal": "DecimalField",
    "date": "DateField",
    "time": "TimeField",
    "datetime": "DateTimeField",
    "json": "JSONField",
    "list": "JSONField",
    "choice": "SelectField",
    "file": "TextField",
} | dict.fromkeys(TABLES, "ForeignKey")
"""The field that shows a type of ours; of a text it depends on how long it may be. A file is sent as base64."""


def param_of(spec: FieldSpec) -> dict[str, Any]:
    """A parameter of ours as Jet shows it."""
    field = "JSONField" if spec.several else JETS.get(spec.type) or _text_field(spec.about)
    found = {"name": spec.name, "field": field, "required": spec.required, "verbose_name": _label(spec)}
    params = _params(spec, field)
    return found | ({"params": params} if params else {})


def spec_of(param: Mapping[str, Any]) -> FieldSpec:
    """A parameter that the studio's own list declares, as ours. Raises `KeyError` for a field that Jet does not have."""
    kind, about = OURS[param["field"]]
    more = param.get("params") or {}
    if param["field"] == "ForeignKey":
        kind = _by_table().get(str((more.get("related_model") or {}).get("model", "")).rpartition(";")[2], kind)
    choices = tuple((str(one["value"]), str(one.get("name", one["value"]))) for one in more.get("options") or ())
    default = REQUIRED if param.get("required") else None
    return FieldSpec(str(param["name"]), kind, default, not param.get("required"), choices, about)


def value_of(spec: FieldSpec, sent: Any) -> Any:
    """What Jet sent for a parameter, as our programs send it."""
    if spec.several:
        return _parsed(sent)
    reader = READERS.get(spec.type)
    return reader(sent) if reader is not None else sent


def _text_field(about: Field) -> str:
    if about.syntax:
        return "SqlField" if about.syntax == "sql" else "CodeField"
    return "TextField" if about.long else "CharField"


def _label(spec: FieldSpec) -> str:
    return f"{spec.label} ({spec.about.unit})" if spec.about.unit else spec.label


def _params(spec: FieldSpec, field: str) -> dict[str, Any]:
    if field == "ForeignKey":
        return {"related_model": {"model": TABLES[spec.type]}}
    if field == "SelectField":
        values = [to_json(one) for one in spec.values] or [value for value, _ in spec.choices]
        words = [words for _, words in spec.choices]
        return {"options": [{"name": name, "value": value} for name, value in zip(words, values, strict=True)]}
    return {}


def _by_table() -> dict[str, str]:
    return {table: kind for kind, table in TABLES.items()}


def _parsed(sent: Any) -> Any:
    """JSON in a text: Jet's editor of JSON sends either."""
    try:
        return json.loads(sent) if isinstance(sent, str) and sent else sent
    except (ValueError, RecursionError):
        return sent


def _text(sent: Any) -> Any:
    """The one text of a translatable field, which comes by languages; English first."""
    if isinstance(sent, dict):
        return sent.get("en") or next((one for one in sent.values() if one), "")
    return sent


def _decimal(sent: Any) -> Any:
    number = isinstance(sent, int | float) and not isinstance(sent, bool)
    return str(sent) if number else sent


def _date(sent: Any) -> Any:
    """The day of a moment, as a browser's calendar sends it."""
    return sent.partition("T")[0] if isinstance(sent, str) else sent


def _moment(sent: Any) -> Any:
    """ISO 8601 from the seconds since 1970 of a timestamp."""
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        return sent
    try:
        return datetime.fromtimestamp(sent, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return str(sent)


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "decimal": _decimal,
    "date": _date,
    "datetime": _moment,
    "json": _parsed,
    "list": _parsed,
}
"""What is sent otherwise than our programs send it; the rest is the same."""
