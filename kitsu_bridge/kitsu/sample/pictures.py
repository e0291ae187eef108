"""Pictures for the previews of the sample studio: a small landscape each, drawn without a library."""

from __future__ import annotations

import math
import random
import struct
import zlib
from colorsys import hls_to_rgb

PNG = b"\x89PNG\r\n\x1a\n"
"""How every PNG begins (https://www.w3.org/TR/png-3/, section 5.2)."""


Rows = list[bytearray]
"""The lines of a picture, from the top: red, green and blue, a byte each."""


def draw(name: str, width: int, height: int) -> bytes:
    """The landscape of this name as PNG."""
    return png(paint(name, width, height))


def paint(name: str, width: int, height: int) -> Rows:
    """Sky, a moon and three hills. The same name gives the same landscape in any size."""
    chance = random.Random(name)  # noqa: S311 - a picture, nothing to guess
    hue = chance.random()
    moon = (chance.uniform(0.15, 0.85) * width, chance.uniform(0.12, 0.35) * height, 0.09 * height)
    hills = [
        (
            _color(hue + 0.05 * layer, 0.34 - 0.1 * layer),
            chance.uniform(0.5, 0.62) + 0.12 * layer,
            chance.uniform(0, 6.3),
        )
        for layer in range(3)
    ]
    rows = [bytearray(_sky(hue, y / height) * width) for y in range(height)]
    _paint_moon(rows, moon, width)
    for color, base, phase in hills:
        _paint_hill(rows, color, [_crest(x / width, base, phase) * height for x in range(width)])
    return rows


def png(rows: Rows) -> bytes:
    """A picture as PNG."""
    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 6)
    return PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _color(hue: float, light: float) -> bytes:
    return bytes(round(255 * part) for part in hls_to_rgb(hue % 1, light, 0.45))


def _sky(hue: float, depth: float) -> bytes:
    return _color(hue + 0.5 + 0.15 * depth, 0.35 + 0.4 * depth)


def _crest(x: float, base: float, phase: float) -> float:
    return base + 0.06 * math.sin(7 * x + phase) + 0.03 * math.sin(17 * x + 2 * phase)


def _paint_moon(rows: Rows, moon: tuple[float, float, float], width: int) -> None:
    x, y, radius = moon
    for line in range(max(0, math.ceil(y - radius)), min(len(rows), math.floor(y + radius) + 1)):
        half = math.sqrt(max(0.0, radius**2 - (line - y) ** 2))
        left, right = max(0, round(x - half)), min(width, round(x + half))
        rows[line][3 * left : 3 * right] = b"\xff\xf6\xdc" * (right - left)


def _paint_hill(rows: Rows, color: bytes, crests: list[float]) -> None:
    for x, crest in enumerate(crests):
        for line in range(max(0, math.ceil(crest)), len(rows)):
            rows[line][3 * x : 3 * x + 3] = color
