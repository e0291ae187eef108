from __future__ import annotations

import struct

import pytest

from kitsu_bridge.kitsu.sample.films import film
from kitsu_bridge.kitsu.sample.pictures import paint

INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def boxes(content):
    """Every box of an MP4: its name and what is in it."""
    place = 0
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        assert 8 <= length <= len(content) - place
        yield kind, content[place + 8 : place + length]
        if kind in INSIDE:
            yield from boxes(content[place + 8 : place + length])
        place += length


def test_it_works():
    content = film(paint("one", 160, 90), 4.0)
    found = dict(boxes(content))
    (start,) = struct.unpack(">I", found[b"stco"][8:])
    (size,) = struct.unpack(">I", found[b"stsz"][12:])
    assert content[start : start + size] == found[b"mdat"]
    assert struct.unpack(">I", found[b"mdat"][:4])[0] == size - 4
    assert struct.unpack(">2I", found[b"mvhd"][12:20]) == (1000, 4000)


@pytest.mark.parametrize("size", [(16, 16), (33, 17), (150, 100)])
def test_its_picture_never_looks_like_the_start_of_another(size):
    unit = dict(boxes(film([bytearray(3 * size[0]) for _ in range(size[1])], 1)))[b"mdat"][4:]
    assert not any(bytes([0, 0, number]) in unit for number in (0, 1, 2))
