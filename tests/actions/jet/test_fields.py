"""Parameters as Jet's fields, and what Jet sends for them as ours."""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

import pytest

from actions.contract import Call, Field, File, LongText, Outcome, PersonId, StatusId
from actions.jet.fields import JETS, OURS, param_of, spec_of, value_of
from actions.kinds.fields import form_field
from actions.kinds.hints import SIMPLE, fields_of_function

SIXTEEN = {
    "BooleanField", "TranslatableField", "SelectField", "ForeignKey", "DateTimeField", "TimestampField", "DateField",
    "TimeField", "JSONField", "SqlField", "CodeField", "CharField", "TextField", "IntegerField", "FloatField",
    "DecimalField",
}  # fmt: skip


def run(
    call: Call,
    *,
    word: str,
    lines: LongText = "",
    query: Annotated[str, Field(long=True, syntax="sql")] = "",
    script: Annotated[str, Field(long=True, syntax="json")] = "",
    count: Annotated[int, Field(label="How many", unit="frames")] = 1,
    size: float = 1.5,
    price: Decimal = Decimal("0.10"),
    loud: bool = False,
    day: date | None = None,
    at: time | None = None,
    moment: datetime | None = None,
    pace: Literal["slow", "fast"] = "slow",
    level: Literal[1, 2] = 1,
    more: dict | None = None,
    names: tuple[str, ...] = (),
    who: PersonId | None = None,
    statuses: tuple[StatusId, ...] = (),
    reel: File | None = None,
) -> Outcome:
    return Outcome("")


SPECS = {spec.name: spec for spec in fields_of_function(run)}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("word", "CharField"),
        ("lines", "TextField"),
        ("query", "SqlField"),
        ("script", "CodeField"),
        ("count", "IntegerField"),
        ("size", "FloatField"),
        ("price", "DecimalField"),
        ("loud", "BooleanField"),
        ("day", "DateField"),
        ("at", "TimeField"),
        ("moment", "DateTimeField"),
        ("pace", "SelectField"),
        ("more", "JSONField"),
        ("names", "JSONField"),
        ("who", "ForeignKey"),
        ("statuses", "JSONField"),
        ("reel", "TextField"),
    ],
)
def test_it_works(name, field):
    assert param_of(SPECS[name])["field"] == field


def test_it_says_all_that_jet_asks_for():
    assert param_of(SPECS["word"]) == {"name": "word", "field": "CharField", "required": True, "verbose_name": "Word"}
    assert param_of(SPECS["count"])["verbose_name"] == "How many (frames)"
    assert param_of(SPECS["who"])["params"] == {"related_model": {"model": "person"}}
    options = [{"name": "Slow", "value": "slow"}, {"name": "Fast", "value": "fast"}]
    assert param_of(SPECS["pace"])["params"] == {"options": options}
    assert [one["value"] for one in param_of(SPECS["level"])["params"]["options"]] == [1, 2]


def test_all_of_jets_fields_are_ours_and_all_our_types_are_jets():
    assert set(OURS) == SIXTEEN
    assert set(JETS.values()) <= SIXTEEN
    assert set(SIMPLE.values()) <= {*JETS, "text"}


SENT = {
    "BooleanField": (True, True),
    "TranslatableField": ({"fr": "Bonjour", "en": "Hello"}, "Hello"),
    "SelectField": ("b", "b"),
    "ForeignKey": ("0f1e", "0f1e"),
    "DateTimeField": ("2026-05-06T07:08:00Z", datetime.fromisoformat("2026-05-06T07:08:00+00:00")),
    "TimestampField": (1778051280, datetime.fromisoformat("2026-05-06T07:08:00+00:00")),
    "DateField": ("2026-05-06T00:00:00.000Z", date(2026, 5, 6)),
    "TimeField": ("07:08:09", time(7, 8, 9)),
    "JSONField": ('{"a": 1}', {"a": 1}),
    "SqlField": ("select 1", "select 1"),
    "CodeField": ("a\nb", "a\nb"),
    "CharField": ("a", "a"),
    "TextField": ("a\nb", "a\nb"),
    "IntegerField": (3, 3),
    "FloatField": (0.5, 0.5),
    "DecimalField": (0.1, Decimal("0.1")),
}


@pytest.mark.parametrize("field", sorted(SIXTEEN))
def test_what_each_field_sends_is_understood(field):
    sent, meant = SENT[field]
    options = {"options": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]}
    spec = spec_of(
        {"name": "it", "field": field, "required": True, "params": options if field == "SelectField" else {}}
    )
    assert spec.required
    assert form_field(spec).clean(value_of(spec, sent)) == meant


@pytest.mark.parametrize("name", ["word", "lines", "query", "count", "size", "price", "loud", "day", "at", "moment",
                                  "pace", "more", "who"])  # fmt: skip
def test_there_and_back_it_is_the_same_type(name):
    assert spec_of(param_of(SPECS[name])).type == SPECS[name].type


@pytest.mark.parametrize(("sent", "kept"), [('["a", "b"]', ["a", "b"]), (["a"], ["a"]), ("[a", "[a"), (None, None)])
def test_several_come_as_a_list_or_as_its_text(sent, kept):
    assert value_of(SPECS["statuses"], sent) == kept


@pytest.mark.parametrize("sent", [float("inf"), 1e300, -1e300])
def test_it_refuses_moments_that_are_none(sent):
    from django import forms

    with pytest.raises(forms.ValidationError):
        form_field(SPECS["moment"]).clean(value_of(SPECS["moment"], sent))


def test_a_file_comes_as_base64():
    sent = base64.b64encode(b"frames").decode()
    assert value_of(SPECS["reel"], sent) == sent
