from __future__ import annotations

import struct
import zlib

from kitsu_bridge.kitsu.sample.pictures import PNG, draw


def chunks(content):
    """Kind -> body, with each checksum held."""
    found, place = {}, len(PNG)
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        found[kind] = body
        place += 12 + length
    return found


def test_it_works():
    content = draw("one", 64, 36)
    assert content.startswith(PNG)
    found = chunks(content)
    assert struct.unpack(">IIBBBBB", found[b"IHDR"]) == (64, 36, 8, 2, 0, 0, 0)
    pixels = zlib.decompress(found[b"IDAT"])
    assert len(pixels) == 36 * (1 + 3 * 64)
    assert len({pixels[n : n + 3] for n in range(1, len(pixels) - 3, 3)}) > 20


def test_it_draws_each_name_its_own_picture_and_always_the_same():
    assert draw("one", 64, 36) == draw("one", 64, 36)
    assert len({draw(str(n), 64, 36) for n in range(20)}) == 20
