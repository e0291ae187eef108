"""What the type hints of a handler say of its options and parameters."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from actions.contract import Field, File, Of

REQUIRED: Any = object()
"""The default of a field that has none."""

SIMPLE: dict[Any, str] = {
    str: "text",
    int: "integer",
    float: "float",
    Decimal: "decimal",
    bool: "boolean",
    date: "date",
    time: "time",
    datetime: "datetime",
    dict: "json",
    File: "file",
}
"""The name of a field's type, from the hint."""


class UnknownHint(TypeError):
    """A type hint that no form can be made of."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One option or parameter.

    `type` is one of the names in `SIMPLE`, of those in `contract.Of`, or `choice` or `list`; `several`: a tuple of such.
    """

    name: str
    type: str
    default: Any = REQUIRED
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    about: Field = Field()
    values: tuple[Any, ...] = ()
    """What the choices stand for: the literals or members of the hint."""
    several: bool = False

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is REQUIRED and not self.optional

    @property
    def label(self) -> str:
        """What stands before the field."""
        return self.about.label or self.name.replace("_", " ").capitalize()


def options_class(function: Callable[..., Any]) -> type[Any] | None:
    """The dataclass of a handler's `options`, or None when it has no options."""
    hint = get_type_hints(function).get("options")
    if hint is None:
        return None
    if not isinstance(hint, type) or not dataclasses.is_dataclass(hint):
        raise UnknownHint("`options` must be a dataclass.")
    return hint


def fields_of_class(cls: type[Any]) -> tuple[FieldSpec, ...]:
    """The fields of an options dataclass, in their order: first its own, then what it has in common with others."""
    hints = get_type_hints(cls, include_extras=True)
    ordered = sorted(dataclasses.fields(cls), key=lambda field: _whose(cls, field.name))
    return tuple(_spec(f.name, hints[f.name], _default(f)) for f in ordered)


def _whose(cls: type[Any], name: str) -> int:
    """How far up the class stands that has the field."""
    return next(steps for steps, one in enumerate(cls.__mro__) if name in inspect.get_annotations(one))


def field_of(name: str, hint: Any) -> FieldSpec:
    """One field from its hint; `X | None` may be left empty."""
    return _spec(name, hint, REQUIRED)


def fields_of_function(function: Callable[..., Any]) -> tuple[FieldSpec, ...]:
    """The keyword-only parameters of a handler: what the person is asked."""
    hints = get_type_hints(function, include_extras=True)
    asked = [p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    for nameless in (p for p in asked if p.name not in hints):
        raise UnknownHint(f"`{nameless.name}` has no type hint: write {nameless.name}: str, for example.")
    return tuple(_spec(p.name, hints[p.name], REQUIRED if p.default is p.empty else p.default) for p in asked)


def make(cls: type[Any], values: dict[str, Any]) -> Any:
    """An options object from stored JSON; unknown names are left out, so that an older record still runs."""
    specs = {spec.name: spec for spec in fields_of_class(cls)}
    return cls(**{name: from_json(specs[name], value) for name, value in values.items() if name in specs})


def from_json(spec: FieldSpec, value: Any) -> Any:
    """A value as the handler wants it, from its form in JSON."""
    if value is None:
        return None
    if spec.several:
        one = replace(spec, several=False)
        return tuple(from_json(one, item) for item in value)
    readers: dict[str, Callable[[Any], Any]] = {
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "datetime": datetime.fromisoformat,
        "decimal": Decimal,
        "choice": lambda one: _meant(spec, one),
        "list": tuple,
        "file": lambda given: File(given["name"], Path(given["path"]), given["size"], given.get("content_type", "")),
    }
    return readers.get(spec.type, lambda same: same)(value)


def _meant(spec: FieldSpec, value: Any) -> Any:
    """The literal or member that a choice's text stands for."""
    return next((one for one in spec.values if str(to_json(one)) == str(value)), value)


def to_json(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list | set | frozenset):
        return [to_json(item) for item in value]
    json.dumps(value)
    return value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return REQUIRED


def _spec(name: str, hint: Any, default: Any) -> FieldSpec:
    hint, marks, optional = _bare(hint)
    about = _merged([mark for mark in marks if isinstance(mark, Field)])
    kind, values, several = _type_of(name, hint, marks)
    choices = about.choices or tuple((str(to_json(one)), _label(one)) for one in values)
    _presentable(name, default, about, choices)
    return FieldSpec(name, kind, default, optional, choices, about, values, several)


def _merged(said: list[Field]) -> Field:
    """What several annotations say together, the outer ones first: `Annotated[LongText, Field(label=...)]` stays long."""
    found = Field()
    for field in reversed(said):
        own = {one.name: getattr(field, one.name) for one in dataclasses.fields(Field)}
        found = replace(found, **{name: value for name, value in own.items() if value != getattr(Field(), name)})
    return found


def _presentable(name: str, default: Any, about: Field, choices: Any) -> None:
    """Raises `UnknownHint` for what no form could show."""
    try:
        if default is not REQUIRED:
            to_json(default)
        for bound in (about.least, about.most):
            if bound is not None:
                float(bound)
        for _value, _words in choices:
            pass
        for _ending in about.accept:
            pass
    except (TypeError, ValueError) as error:
        raise UnknownHint(f"`{name}` has a default, bounds or choices that no form can show: {error}.") from None


def _bare(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """A hint without its annotations and without `| None`; the annotations, the outer ones first; whether None was there."""
    marks: tuple[Any, ...] = ()
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            marks = (*marks, *reversed(more))
        elif get_origin(hint) in {Union, types.UnionType}:
            hint, optional = _without_none(hint), True
        else:
            return hint, marks, optional


def _label(value: Any) -> str:
    return str(value.name if isinstance(value, Enum) else value).replace("_", " ").capitalize()


def _without_none(hint: Any) -> Any:
    rest = [arg for arg in get_args(hint) if arg is not type(None)]
    if len(rest) != 1:
        raise UnknownHint(f"{hint} offers several types; only `type | None` can be asked for.")
    return rest[0]


def _type_of(name: str, hint: Any, marks: tuple[Any, ...]) -> tuple[str, tuple[Any, ...], bool]:
    """The name of the type, what its choices stand for, and whether several may be given."""
    origin = get_origin(hint)
    if origin in {tuple, list, frozenset, set}:
        inner, more, _ = _bare(get_args(hint)[0])
        kind, values, _ = _type_of(name, inner, (*marks, *more))
        if kind == "file":
            raise UnknownHint(f"`{name}` asks for several files; ask for one, or for an archive of them.")
        return (kind, values, True) if kind not in SIMPLE.values() else ("list", (), False)
    found = next((mark for mark in marks if isinstance(mark, Of)), None)
    if found is not None:
        return found.what, (), False
    if origin is Literal:
        return "choice", get_args(hint), False
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "choice", tuple(hint), False
    try:
        return SIMPLE[origin or hint], (), False
    except (KeyError, TypeError):
        raise UnknownHint(f"`{name}` has the type {hint}, which no form can ask for.") from None
