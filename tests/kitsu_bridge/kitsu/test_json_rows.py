from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitsu_bridge.kitsu import json_rows as module
from kitsu_bridge.kitsu.errors import NotKitsu
from kitsu_bridge.kitsu.json_rows import json_rows, with_fields

texts = st.text(st.characters(exclude_categories=["Cs"]))
rows = st.lists(st.dictionaries(texts, st.none() | st.integers() | texts | st.lists(texts), max_size=4), max_size=6)


def cut(body, size):
    return [body[start : start + size] for start in range(0, len(body), size)]


def test_it_works():
    assert list(json_rows([b' [ {"a": 1},', b'{"a', b'": "]"}', b"\n] "])) == [{"a": 1}, {"a": "]"}]
    assert list(json_rows([b'{"a": 1}\n{"a"', b": 2}\n[3, 4]\n"])) == [{"a": 1}, {"a": 2}, [3, 4]]


@given(rows, st.integers(1, 40), st.booleans())
def test_it_reads_an_array_wherever_it_is_cut(some, size, plain):
    assert list(json_rows(cut(json.dumps(some, ensure_ascii=plain).encode(), size))) == some


@given(rows, st.integers(1, 40), st.booleans())
def test_it_reads_lines_wherever_they_are_cut(some, size, plain):
    lines = "".join(json.dumps(row, ensure_ascii=plain) + "\n" for row in some)
    assert list(json_rows(cut(lines.encode(), size))) == some


@pytest.mark.parametrize(
    "body", [b"[", b'[{"a": 1}', b'[{"a": 1}, {"b"', b'{"a": 1', b"<html>", b"[<html>]", b'["\xff"]']
)
def test_it_refuses_what_breaks_off_and_what_is_no_json(body):
    with pytest.raises(NotKitsu):
        list(json_rows(cut(body, 3)))


@pytest.mark.parametrize("start", [b'[{"a": "', b'{"a": "'])
def test_it_refuses_a_row_without_end(start, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_ROW", 1000)
    with pytest.raises(NotKitsu, match="1,000 bytes"):
        list(json_rows([start, *[b"x" * 100] * 20]))


def test_it_puts_the_names_back():
    compact = [
        {"compact": True, "shot_fields": ["id", "tasks"], "task_fields": ["id", "done"]},
        ["a", [["t", None]]],
        ["b", []],
    ]
    assert list(with_fields(iter(compact), "shot_fields")) == [
        {"id": "a", "tasks": [{"id": "t", "done": None}]},
        {"id": "b", "tasks": []},
    ]
    assert list(with_fields(iter([{"id": "a"}, {"id": "b"}]), "shot_fields")) == [{"id": "a"}, {"id": "b"}]
    assert list(with_fields(iter([]), "shot_fields")) == []
