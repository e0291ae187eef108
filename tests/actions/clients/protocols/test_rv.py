"""RV's links, read back with the rules of OpenRV's `parseURL`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.protocols import rv
from actions.clients.protocols.files import Clip, absolute
from actions.clients.protocols.scheme import TooLong
from actions.contract import ActionError


def as_rv_reads(url):
    """Spaces split, `'...'` quotes, a `'` can be written nowhere."""
    line = bytes.fromhex(url.removeprefix("rvlink://baked/")).decode()
    words, word, quoted, begun = [], "", False, False
    for sign in line + " ":
        if sign == "'":
            quoted, begun = not quoted, True
        elif sign == " " and not quoted:
            if begun or word:
                words.append(word)
            word, begun = "", False
        else:
            word += sign
    assert not quoted
    return tuple(words)


def test_it_works():
    url = rv.url([Clip("/proj/my shot.mov")], rv.allowed_options("-l -play"))
    assert url == "rvlink://baked/" + b" -l -play '/proj/my shot.mov'".hex()
    assert as_rv_reads(url) == ("-l", "-play", "/proj/my shot.mov")


def test_it_opens_several_with_their_frames():
    clips = [Clip("/a.mov", 1001, 1040), Clip("/b.mov"), Clip("P:/c é.mov", first=5)]
    expected = (
        "-fps",
        "24",
        "[",
        "/a.mov",
        "-in",
        "1001",
        "-out",
        "1040",
        "]",
        "/b.mov",
        "[",
        "P:/c é.mov",
        "-in",
        "5",
        "]",
    )
    assert rv.argv(clips, rv.allowed_options("-fps 24")) == expected
    assert as_rv_reads(rv.url(clips, ("-fps", "24"))) == expected


@pytest.mark.parametrize("path", ["/it's.mov", "/a\\b.mov"])
def test_it_refuses_what_rv_would_read_differently(path):
    with pytest.raises(ActionError, match="Rename"):
        rv.url([Clip(path)])


@pytest.mark.parametrize("text", [
    "-eval 1", "-pyeval 1", "-init /a.mu", "-prefsPath /a", "-network", "-sendEvent a", "/a.mov", "-fps", "-fps -l",
    "-sessionName", "-sessionName -eval", "-l; rm", "-sessionName a'b", "-sessionName [",
])  # fmt: skip
def test_it_refuses_options_that_are_not_in_the_list(text):
    with pytest.raises(ActionError):
        rv.allowed_options(text)


def test_it_refuses_a_line_that_would_be_cut():
    with pytest.raises(TooLong):
        rv.url([Clip(f"/proj/shots/{number:04}/a long name of a file.mov") for number in range(40)])


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_it_reads_back_as_it_was_meant_whatever_a_file_is_called(names):
    try:
        clips = [Clip(absolute(f"/{name}")) for name in names]
        url = rv.url(clips, ("-l",))
    except ActionError:
        return
    assert as_rv_reads(url) == ("-l", *(clip.path for clip in clips))
    assert url.isascii()
