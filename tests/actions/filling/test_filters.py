from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.filling.filters import LONGEST_PART, RESERVED, filter_of


def changed(value, name, argument=None):
    return filter_of(name, argument)(value)


@pytest.mark.parametrize(
    ("value", "name", "argument", "expected"),
    [
        ("SH 010", "lower", None, "sh 010"),
        ("sh", "upper", None, "SH"),
        ("SH 010_Ä!", "slug", None, "sh-010-a"),
        ("../../etc/passwd", "path", None, "etc_passwd"),
        ("تصوير ليلي", "path", None, "تصوير_ليلي"),
        ("a:b\\c*d?", "path", None, "a_b_c_d"),
        (".hidden.", "path", None, "hidden"),
        ("con", "path", None, "_con"),
        ("NUL.txt", "path", None, "_NUL.txt"),
        ("x" * 500, "path", None, "x" * LONGEST_PART),
        ("12", "pad", "4", "0012"),
        ("-7", "pad", "4", "-007"),
        ("1001.0", "pad", "6", "001001"),
        ("1001", "add", "-8", "993"),
        ("", "default", "none", "none"),
        ("x", "default", "none", "x"),
        ((), "default", "none", "none"),
        (("a", "b"), "join", " + ", "a + b"),
        (("a", "b"), "first", None, "a"),
        (("a", "b"), "last", None, "b"),
        ((), "first", None, ""),
        (("A", "B"), "lower", None, ("a", "b")),
        ("abcdef", "cut", "3", "abc"),
        ("", "pad", "4", ""),
    ],
)
def test_it_works(value, name, argument, expected):
    assert changed(value, name, argument) == expected


@pytest.mark.parametrize("value", ["", "abc", "1.5", "0x10", "١٢", "9" * 40, "--1"][1:])
def test_it_refuses_what_is_no_number(value):
    for name, argument in (("pad", "4"), ("add", "1")):
        with pytest.raises(ValueError, match="no whole number"):
            changed(value, name, argument)


@given(st.text(max_size=300))
def test_a_path_part_is_one_part_on_any_system(text):
    part = changed(text, "path") if text else ""
    assert not set(part) & set('/\\:*?"<>|\x00\n\r\t ')
    assert part not in {".", ".."}
    assert part == part.strip(". ")
    assert part.split(".")[0].lower() not in RESERVED
    assert len(part) <= LONGEST_PART + 1


@given(st.text(max_size=100))
def test_a_slug_has_nothing_odd(text):
    slug = changed(text, "slug") if text else ""
    assert slug == "".join(one for one in slug if one in "abcdefghijklmnopqrstuvwxyz0123456789-").strip("-")
