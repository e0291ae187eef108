from __future__ import annotations

import json

import pytest

from kitsu_bridge.kitsu.storable import storable


def test_it_works():
    assert storable({"a": ["x\0y", {"b\0": "\ud83d"}], "n": 3, "t": ("\0",), "none": None}) == {
        "a": ["xy", {"b": "?"}], "n": 3, "t": [""], "none": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["\\u0000 spelled out", "🎬👩‍🎨", "تجربة", "a\r\nb\t", "'; --", ""])
def test_it_leaves_alone_what_can_be_kept(text):
    assert storable(text) == text
    assert json.loads(json.dumps(storable({"x": text}))) == {"x": text}
