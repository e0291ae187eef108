from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.contract import ActionError
from actions.filling import fill_json, of_call, of_task, problems
from actions.filling.bodies import DEEPEST, LONGEST, texts_of
from kitsu_bridge.kitsu.sample import SampleStudio
from tests.actions.filling.calls import call_on

CALL = call_on(SampleStudio())
VARIABLES = of_task(CALL, CALL.tasks[0])
PLAIN = st.text(alphabet=st.characters(exclude_characters="{}"), max_size=10)


def test_it_works():
    template = '{"shot": "{entity_name}", "{entity_type}s": ["{frame_in|pad:6}", 3, null, true, {"a": "{{}}"}]}'
    assert fill_json(template, VARIABLES) == {"shot": "SH0010", "shots": ["001001", 3, None, True, {"a": "{}"}]}


def test_no_name_ends_a_text():
    hostile = call_on(SampleStudio(), where=lambda task: '">' in task.entity.name)
    name = hostile.tasks[0].entity.name
    body = json.dumps(fill_json('{"name": "{entity_name}", "x": 1}', of_call(hostile)))
    assert json.loads(body) == {"name": name, "x": 1}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "This is no JSON: Expecting value at line 1, character 1."),
        ("{entity_name}", "Variables stand within texts"),
        ('{"a": NaN}', "NaN is no number there"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "nested too deeply"),
        ("[" * 900 + "]" * 900, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('["{entity_nam}"]', "Did you mean {entity_name}?"),
        ('{"{entity_nam}": 1}', "Did you mean {entity_name}?"),
    ],
)
def test_it_refuses(template, words):
    assert words in problems(template, "json")[0]
    with pytest.raises(ActionError):
        fill_json(template, VARIABLES)


def test_it_is_bounded_as_a_whole():
    many = call_on(SampleStudio(), count=200)
    template = json.dumps(["{selection}"] * (LONGEST // (200 * 37) + 2))
    assert problems(template, "json") == []
    with pytest.raises(ActionError, match="Select fewer tasks"):
        fill_json(template, of_call(many))


@pytest.mark.parametrize("plain", ["null", " null\n", "1", '""', "[]", "{}", "[" * DEEPEST + "]" * DEEPEST])
def test_it_leaves_what_has_no_variables(plain):
    assert fill_json(plain, VARIABLES) == json.loads(plain)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | PLAIN,
        lambda some: st.lists(some, max_size=3) | st.dictionaries(PLAIN, some, max_size=3),
        max_leaves=8,
    )
)
def test_what_has_no_braces_stays_as_it_is(value):
    assert fill_json(json.dumps(value), VARIABLES) == value
    assert all(isinstance(text, str) for text in texts_of(value))
