"""Paths on shared storage, as each system has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.protocols.files import absolute, native, on_each, platform_of, storages
from actions.contract import ActionError

TABLE = storages("P:\\ | /Volumes/proj | /mnt/proj\n\n\\\\nas\\lib | | /mnt/lib/")


def test_it_works():
    everywhere = {"windows": "P:/fox/a.mov", "macos": "/Volumes/proj/fox/a.mov", "linux": "/mnt/proj/fox/a.mov"}
    for path in everywhere.values():
        assert on_each(absolute(path), TABLE) == everywhere
    assert native("P:/fox/a.mov") == "P:\\fox\\a.mov"
    assert native("/mnt/proj/a") == "/mnt/proj/a"


def test_it_knows_shares_and_leaves_out_who_has_none():
    found = on_each(absolute("\\\\NAS\\Lib\\tree.blend"), TABLE)
    assert found == {"windows": "//nas/lib/tree.blend", "linux": "/mnt/lib/tree.blend"}
    assert native(found["windows"]) == "\\\\nas\\lib\\tree.blend"


@pytest.mark.parametrize("path", ["/mnt/project/a", "/other", "Q:/proj/a"])
def test_it_leaves_alone_what_is_on_no_known_storage(path):
    assert set(on_each(path, TABLE).values()) == {path}


@pytest.mark.parametrize("path", [
    "", "a.mov", "./a", "-eval", "~/a", "C:a", "/a\nb", "/a\x00b", "/a/../b", "C:\\..\\b", "/" + "a" * 2000, "${HOME}/a",
    "http://a/b", "/a\u2028b",
])  # fmt: skip
def test_it_refuses_what_is_no_absolute_path(path):
    with pytest.raises(ActionError):
        absolute(path)


@pytest.mark.parametrize("path", ["/a/..b/c", "//nas/a", "C:\\a", "${RV_PATHSWAP_PROJ}/a", "/a/it's $(x);.mov"])
def test_it_takes_absolute_paths_with_odd_names(path):
    assert absolute(path) == path.replace("\\", "/")


@given(st.text(max_size=60))
def test_it_never_takes_a_relative_path(text):
    try:
        path = absolute(text)
    except ActionError:
        return
    assert path.startswith(("/", "$")) or path[1:3] == ":/"
    assert ".." not in path.split("/")
    assert path.isprintable() or not any(ord(sign) < 32 for sign in path)


@pytest.mark.parametrize("table", ["P:\\ | /Volumes", "P: | | | ", " | | ", "proj | /a | /b", "P:\\..\\x | /a | /b"])
def test_it_names_a_line_that_cannot_be_read(table):
    with pytest.raises(ActionError):
        storages(table)


@pytest.mark.parametrize(("said", "platform"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141", "windows"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari", "macos"),
    ("Mozilla/5.0 (X11; Linux x86_64) Firefox/143", "linux"),
    ("Mozilla/5.0 (Linux; Android 15) Chrome", None),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X)", None),
    ("", None),
])  # fmt: skip
def test_it_knows_the_system_from_the_browser(said, platform):
    assert platform_of(said) == platform
