"""JSON that somebody sent, of the kind that breaks databases and pages."""

from __future__ import annotations

import pytest

from actions.kinds.sent_json import read_json


def test_it_works():
    assert read_json('{"a": [1, 2.5, "ä", null, true]}') == {"a": [1, 2.5, "ä", None, True]}
    assert read_json('"\\\\u0000"') == "\\u0000"
    assert read_json('"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1"),
        ("NaN", "no number"),
        ("[-Infinity]", "no number"),
        ("1e999", "no number"),
        ("9" * 5000, "digits"),
        ("[" * 5000, "within each other"),
        ("[" * 150 + "]" * 150, "within each other"),
        ('{"a":' * 150 + "1" + "}" * 150, "within each other"),
        ('"\\u0000"', "NUL"),
        ('{"\\u0000": 1}', "NUL"),
        ('["\\ud800"]', "half"),
    ],
)
def test_it_refuses_what_nothing_can_keep_or_show(text, words):
    with pytest.raises(ValueError, match=words):
        read_json(text)
