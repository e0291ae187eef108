from __future__ import annotations

import io
import subprocess
import tracemalloc
import zipfile

import pytest

from actions.clients.archive import PIECE, Names, zipped


def files(**contents):
    return [(name, io.BytesIO(content)) for name, content in contents.items()]


def test_it_works(tmp_path):
    given = files(**{"a.png": b"\x89PNG", "تصوير 🎬.mp4": b"x" * (2 * PIECE + 7), "empty.bin": b""})
    (tmp_path / "a.zip").write_bytes(b"".join(zipped(given)))
    assert subprocess.run(["unzip", "-tq", tmp_path / "a.zip"], capture_output=True, check=False).returncode == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as found:
        assert found.testzip() is None
        assert {name: len(found.read(name)) for name in found.namelist()} == {
            "a.png": 4, "تصوير 🎬.mp4": 2 * PIECE + 7, "empty.bin": 0,
        }  # fmt: skip
    assert all(content.closed for _, content in given)


def test_a_zip_of_nothing_is_one():
    assert zipfile.ZipFile(io.BytesIO(b"".join(zipped([])))).namelist() == []


def test_only_a_piece_is_in_memory(tmp_path):
    size = 40 * PIECE
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    written = sum(len(piece) for piece in zipped([("large", path.open("rb"))]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > size
    assert peak < 8 * PIECE


def test_files_are_asked_for_one_at_a_time():
    opened = []

    def each():
        for name in ("a", "b"):
            opened.append(io.BytesIO(b"x" * PIECE))
            yield name, opened[-1]

    pieces = zipped(each())
    next(pieces)
    assert len(opened) == 1
    assert list(pieces)
    assert all(one.closed for one in opened)


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("SH0010_Lighting_v003", "SH0010_Lighting_v003.png"),
        ("../../etc/passwd", "_.._etc_passwd.png"),
        ("C:\\x", "C__x.png"),
        ("a\x00b\nc\u202e", "a_b_c_.png"),
        ("", "file.png"),
        (" .hidden. ", "hidden.png"),
        ("CON", "_CON.png"),
        ("aux.tar", "_aux.tar.png"),
        ("تصوير", "تصوير.png"),
        ("x" * 300, "x" * 120 + ".png"),
    ],
)
def test_a_name_is_one_that_any_system_takes(wish, name):
    assert Names().give(wish, "png") == name


def test_no_two_names_are_the_same():
    names = Names()
    assert [names.give(one, "png") for one in ("a", "A", "a", "a_2")] == ["a.png", "A_2.png", "a_3.png", "a_2_2.png"]
