from __future__ import annotations

import json
import uuid
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.contract import Selection
from actions.doors.dialects import readable, shown, understand
from actions.line.problems import Refusal
from tests.payloads import recorded

A, B, C = (str(uuid.uuid5(uuid.NAMESPACE_URL, name)) for name in "abc")


def form_fields():
    return parse_qsl(recorded("form").body.decode(), keep_blank_values=True)


def ajax_fields():
    return json.loads(recorded("ajax").body).items()


def test_it_understands_what_kitsu_really_sends():
    form, ajax = understand(form_fields()), understand(ajax_fields())
    assert form == ajax
    assert form == Selection(
        task_ids=(
            "e9c26889-2c40-47d7-8a10-e436d1df285b",
            "d6c1fe1c-e3c4-4ddd-ad54-adca2bb2a20b",
            "30484d81-470f-4ec0-81ed-cc094c8f35d5",
            "469cad77-185c-4a19-8c06-5bdd573e1c69",
        ),
        person_id="1f77da13-2d80-4a55-be09-f60a5ecf6c99",
        person_email="admin@example.com",
        project_id="5dd1c8fd-8f26-4d48-9acc-e5d1086cd5b5",
        entity_type="shot",
        path="/productions/5dd1c8fd-8f26-4d48-9acc-e5d1086cd5b5/shots",
        server="127.0.0.1:28080",
    )


@pytest.mark.parametrize(
    "fields",
    [
        [("selection", f"{A},{B}")],
        [("selection", f" {A} , {B} ,")],
        [("selection", [A, B])],
        [("selection", json.dumps([A, B]))],
        [("selection", [json.dumps([A, B])])],
        [("selection", A), ("selection", B)],
        [("selection[]", A), ("selection[]", B)],
        [("Selection", A.upper()), ("SELECTION", B)],
        [("selection", f"{A},{B},{A}")],
        [("selection", [A, [B]])],
        [("selection", f"[{A},{B}]")],
    ],
)
def test_it_understands_every_way_to_write_a_selection(fields):
    assert understand(fields).task_ids == (A, B)


def test_it_takes_a_single_id_as_in_the_official_guide():
    assert understand([("selection", A)]).task_ids == (A,)


@pytest.mark.parametrize("name", ["projectid", "projectId", "project_id", "PROJECT-ID", "productionid", "productionId"])
def test_it_takes_any_spelling_of_a_name(name):
    assert understand([("selection", A), (name, B)]).project_id == B


@pytest.mark.parametrize("nothing", [None, "", "null", "undefined", "None", "  "])
def test_it_takes_nothing_for_nothing(nothing):
    assert understand([("selection", A), ("productionid", nothing)]).project_id == ""


def test_it_keeps_the_order_of_five_thousand_ids():
    ids = [str(uuid.UUID(int=number)) for number in range(5000, 0, -1)]
    assert understand([("selection", ",".join(ids))]).task_ids == tuple(ids)


@pytest.mark.parametrize("empty", [[], [("selection", "")], [("selection", [])], [("selection", None)], [("x", A)]])
def test_it_refuses_an_empty_selection(empty):
    with pytest.raises(Refusal) as caught:
        understand(empty)
    assert caught.value.problem.code == "empty_selection"
    assert caught.value.problem.status == 400


def test_it_refuses_what_is_no_id_and_lists_the_good_ones():
    with pytest.raises(Refusal) as caught:
        understand([("selection", [A, "all", 7, {"id": B}, "<script>"])])
    problem = caught.value.problem
    assert problem.code == "not_an_id"
    assert "4 of 5" in problem.detail
    assert A in dict(problem.understood)["task ids"]


def test_it_refuses_a_name_that_says_two_things():
    with pytest.raises(Refusal) as caught:
        understand([("selection", A), ("personid", B), ("userid", C)])
    assert caught.value.problem.code == "contradiction"


def test_it_takes_two_names_that_say_the_same():
    assert understand([("selection", A), ("personid", B), ("userid", B)]).person_id == B


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["selection", "personid", "userId", "project_id", "currentpath", "entitytype"]) | st.text()


@given(st.lists(st.tuples(NAMES, JSON), max_size=8))
def test_it_understands_or_refuses_and_nothing_else(fields):
    try:
        selection = understand(fields)
    except Refusal as refusal:
        assert 400 <= refusal.problem.status < 500
        assert refusal.problem.cure
    else:
        assert selection.task_ids
        assert len(set(selection.task_ids)) == len(selection.task_ids)
        assert readable(selection)
    assert all(len(value) < 500 for _, value in shown(fields))


def test_it_shows_names_that_are_no_text():
    assert "".join(shown([("\ud800", "\udfff")])[0]).encode() == b"??"


@given(st.lists(st.uuids(), min_size=1, max_size=50), st.sampled_from(["list", "commas", "json", "repeated"]))
def test_it_reads_the_same_ids_from_every_way_of_writing(ids, way):
    texts = [str(one) for one in ids]
    fields = {
        "list": [("selection", texts)],
        "commas": [("selection", ",".join(texts))],
        "json": [("selection", json.dumps(texts))],
        "repeated": [("selection", text) for text in texts],
    }[way]
    assert understand(fields).task_ids == tuple(dict.fromkeys(texts))
