from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest

from actions.contract import Field, File, LongText, PersonId, StatusId
from actions.kinds.fields import form_field
from actions.kinds.forms import PREFIX, kept_options, option_fields, wrong_options
from actions.kinds.hints import REQUIRED, UnknownHint, fields_of_class, fields_of_function, from_json, make, to_json


class Size(Enum):
    """Of a picture."""

    SMALL = "s"
    LARGE = "l"


@dataclass(frozen=True)
class Options:
    """One of each."""

    name: str
    count: Annotated[int, Field(help="How many.", unit="frames", least=1, most=10)] = 3
    ratio: float = 1.5
    price: Decimal = Decimal("1.10")
    on: bool = True
    day: date | None = None
    at: time = time(9, 30)
    moment: datetime | None = None
    size: Size = Size.SMALL
    level: Literal[1, 2] = 2
    several: tuple[Literal["a", "b"], ...] = ("a",)
    token: Annotated[str, Field(secret=True)] = ""
    more: dict[str, Any] | None = None
    people: tuple[PersonId, ...] = ()
    status: Annotated[StatusId | None, Field(help="To set.")] = None
    picture: File | None = None
    words: tuple[str, ...] = ()


SPECS = {spec.name: spec for spec in fields_of_class(Options)}


def test_it_works():
    assert [spec.type for spec in SPECS.values()] == [
        "text", "integer", "float", "decimal", "boolean", "date", "time", "datetime", "choice", "choice", "choice",
        "text", "json", "person", "task_status", "file", "list",
    ]  # fmt: skip
    assert SPECS["name"].default is REQUIRED
    assert SPECS["name"].required
    assert not SPECS["day"].required
    assert SPECS["size"].choices == (("s", "Small"), ("l", "Large"))
    assert SPECS["count"].about.help == "How many."
    assert SPECS["several"].several
    assert SPECS["people"].several
    assert not SPECS["status"].required
    assert SPECS["status"].about.help == "To set."


def test_annotations_within_annotations_are_merged():
    def run(call, *, text: Annotated[LongText, Field(label="Words")] = ""): ...

    about = fields_of_function(run)[0].about
    assert (about.long, about.label) == (True, "Words")


def test_values_come_back_as_the_hints_say():
    given = Options(
        "x", 4, 2.5, Decimal("2.2"), False, date(2026, 1, 2), time(8), None, Size.LARGE, 1, ("b",), "t", {"a": 1},
        words=("one", "two"),
    )  # fmt: skip
    kept = {name: to_json(getattr(given, name)) for name in SPECS}
    assert kept["size"] == "l"
    assert make(Options, kept | {"unknown": 1}) == given
    assert from_json(SPECS["level"], "2") == 2
    assert from_json(SPECS["people"], ["a", "b"]) == ("a", "b")
    given = from_json(SPECS["picture"], {"name": "a.png", "path": "/kept/1", "size": 3})
    assert (given.name, given.size) == ("a.png", 3)


@pytest.mark.parametrize(
    ("name", "text", "good"),
    [("count", "5", True), ("count", "11", False), ("count", "x", False), ("level", "3", False), ("size", "l", True),
     ("price", "1.5", True), ("at", "25:00", False), ("more", "{", False), ("several", ["a", "c"], False),
     ("more", "[" * 100_000, False)],
)  # fmt: skip
def test_a_form_checks_what_the_hints_say(name, text, good):
    from django.core.exceptions import ValidationError

    if good:
        form_field(SPECS[name]).clean(text)
    else:
        with pytest.raises(ValidationError):
            form_field(SPECS[name]).clean(text)


def test_a_secret_is_kept_without_being_shown():
    specs, kept = (SPECS["token"],), {"token": "hidden"}
    field = option_fields(specs, kept, lambda spec: None)[f"{PREFIX}token"]
    assert field.initial != "hidden"
    assert kept_options(specs, {f"{PREFIX}token": ""}, kept) == kept
    assert kept_options(specs, {f"{PREFIX}token": "new"}, kept) == {"token": "new"}


def test_stored_options_are_checked_the_same_way():
    specs = tuple(SPECS.values())
    assert wrong_options(specs, {"name": "x"}) == []
    assert len(wrong_options(specs, {"name": "x", "count": 99, "nope": 1})) == 2
    assert wrong_options(specs, {}) != []
    assert wrong_options(specs, [1]) != []


def test_parameters_are_the_keyword_only_ones():
    def run(call: object, options: Options, *, word: str, count: int = 1) -> None: ...

    run.__annotations__ = {"call": object, "options": Options, "word": str, "count": int, "return": None}
    assert [(spec.name, spec.required) for spec in fields_of_function(run)] == [("word", True), ("count", False)]


@pytest.mark.parametrize("hint", [object, int | str, set])
def test_a_hint_that_no_form_can_ask_for_is_said(hint):
    def run(call: object, *, odd: int) -> None: ...

    run.__annotations__ = {"odd": hint}
    with pytest.raises((UnknownHint, IndexError)):
        fields_of_function(run)


def test_it_puts_what_a_class_has_in_common_with_others_behind_its_own():
    @dataclass(frozen=True, kw_only=True)
    class Common:
        told: str = ""

    @dataclass(frozen=True, kw_only=True)
    class Own(Common):
        url: str
        name: str = ""

    assert [spec.name for spec in fields_of_class(Own)] == ["url", "name", "told"]
