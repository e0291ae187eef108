from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from actions.clients.program.lines import LAST, LAST_BYTES, LONGEST, Lines
from actions.clients.secrets.hiding import MASK, Hidden


def said(*chunks, most=100, readable=str):
    found = []
    lines = Lines(found.append, most, readable)
    for chunk in chunks:
        lines.hear(chunk)
    lines.ended()
    return found


def test_it_works():
    assert said(b"one\ntw", b"o\n\nthree") == ["one", "two", "", "three"]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=5))
def test_where_it_is_cut_makes_no_difference(text, places):
    edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    pieces = [text[first:last] for first, last in pairwise(edges)]
    assert said(*pieces) == said(text)


def test_lines_are_shown_as_a_terminal_would():
    assert said(b" 10%\r 50%\r100%\r\n") == ["100%"]
    assert said(b"\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07\x00\n") == ["red bell"]


def test_bytes_that_are_no_text_are_replaced():
    assert said(b"caf\xe9 \xff\n") == ["caf� �"]


def test_a_line_without_an_end_is_cut():
    (line,) = said(*[b"x" * 10_000] * 50)
    assert line == "x" * LONGEST + "…"


def test_after_too_many_lines_the_last_ones_are_kept():
    found = said(b"".join(b"line %d\n" % number for number in range(100_000)), most=10)
    assert found[:10] == [f"line {number}" for number in range(10)]
    assert "more than is kept" in found[10]
    assert found[11:] == [f"line {number}" for number in range(100_000 - LAST, 100_000)]


def test_a_secret_is_masked_wherever_the_output_is_cut():
    secret = "s3cr3t-s3cr3t"
    for before in (0, 3990, 3995, 4100, LAST_BYTES - 5, 31_990, 32_000 - 5):
        text = b"x" * before + secret.encode() + b"y" * 40_000
        for size in (1000, 7, 65536):
            found = said(*[text[at : at + size] for at in range(0, len(text), size)], readable=Hidden([secret]))
            assert not any(secret[:6] in line or secret[-6:] in line for line in found)
    assert said(b"a s3cr3t-s3cr3t b\n", readable=Hidden([secret])) == [f"a {MASK} b"]
    noise = b"".join(b"%s %d\n" % (secret.encode() * 50, number) for number in range(1000))
    assert not any("s3cr3t" in line for line in said(noise, most=3, readable=Hidden([secret])))
