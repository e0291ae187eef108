"""Films for the previews of the sample studio: one picture that stands for some seconds, encoded without a library.

The picture is H.264 with its samples uncompressed (`I_PCM`, ITU-T H.264, sections 7.3 and 7.4), in an MP4 (ISO/IEC 14496-12 and
-15): nothing is computed that a decoder would have to undo, and every browser plays it.
"""

from __future__ import annotations

import struct

from kitsu_bridge.kitsu.sample.pictures import Rows

BLOCK = 16
"""Pixels of a macroblock's side."""

SCALE = 1000
"""Units of time in a second."""

Planes = tuple[list[bytes], list[bytes], list[bytes]]
"""Lines of brightness and, at half the size, of the two colours."""

MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The unity matrix of the headers: nothing is turned."""


class Bits:
    """Bits one after the other, as H.264 writes them."""

    def __init__(self) -> None:
        self._bits = ""

    def u(self, value: int, bits: int) -> Bits:
        """`value` in so many bits."""
        self._bits += f"{value:0{bits}b}"
        return self

    def ue(self, *values: int) -> Bits:
        """Exponential-Golomb codes (section 9.1)."""
        for value in values:
            code = f"{value + 1:b}"
            self._bits += "0" * (len(code) - 1) + code
        return self

    def align(self) -> bytes:
        """The whole, filled with zeros to the next byte."""
        filled = self._bits + "0" * (-len(self._bits) % 8)
        return int(filled, 2).to_bytes(len(filled) // 8, "big")


def film(rows: Rows, seconds: float) -> bytes:
    """An MP4 that shows this picture. Its sides are cut to even numbers of pixels."""
    width, height = len(rows[0]) // 3 // 2 * 2, len(rows) // 2 * 2
    across, down = -(-width // BLOCK), -(-height // BLOCK)
    sequence, picture = _sequence(across, down, width, height), _picture()
    frame = _unit(0x65, _slice(_planes(rows, across * BLOCK, down * BLOCK), across, down))
    sample = struct.pack(">I", len(frame)) + frame
    kind = _box(b"ftyp", b"isom\0\0\2\0isomavc1mp41")
    track = _Track(width, height, round(seconds * SCALE), sequence, picture, len(sample))
    start = len(kind) + len(_movie(track, 0)) + 8
    return kind + _movie(track, start) + _box(b"mdat", sample)


def _sequence(across: int, down: int, width: int, height: int) -> bytes:
    """The sequence parameter set: baseline profile, every picture for itself (section 7.3.2.1)."""
    right, bottom = (across * BLOCK - width) // 2, (down * BLOCK - height) // 2
    bits = Bits().u(66, 8).u(0xC0, 8).u(30, 8).ue(0, 0, 2, 0).u(0, 1).ue(across - 1, down - 1)
    bits.u(0b111, 3).ue(0, right, 0, bottom).u(0, 1).u(1, 1)
    return _unit(0x67, bits.align())


def _picture() -> bytes:
    """The picture parameter set: nothing special (section 7.3.2.2)."""
    return _unit(0x68, Bits().ue(0, 0).u(0, 2).ue(0, 0, 0).u(0, 3).ue(0, 0, 0).u(0, 3).u(1, 1).align())


def _slice(planes: Planes, across: int, down: int) -> bytes:
    """All macroblocks in one slice, each announced and then as it is."""
    header = Bits().ue(0, 7, 0).u(0, 4).ue(0).u(0, 2).ue(0)
    parts = [header.ue(25).align()]
    for number in range(across * down):
        parts += [b"\x0d\0"] if number else []
        parts += _block(planes, *reversed(divmod(number, across)))
    return b"".join(parts) + b"\x80"


def _block(planes: Planes, x: int, y: int) -> list[bytes]:
    luma, *chroma = planes
    half = BLOCK // 2
    return [row[x * BLOCK : (x + 1) * BLOCK] for row in luma[y * BLOCK : (y + 1) * BLOCK]] + [
        row[x * half : (x + 1) * half] for plane in chroma for row in plane[y * half : (y + 1) * half]
    ]


def _planes(rows: Rows, width: int, height: int) -> Planes:
    """Brightness, and at half the size the two colours (ITU-R BT.601), filled up to whole macroblocks."""
    full = [bytes(row) + bytes(row[-3:]) * (width - len(row) // 3) for row in rows]
    full += [full[-1]] * (height - len(full))
    luma = [bytes(_mixed(row, (66, 129, 25), 16, 1)) for row in full]
    small = full[::2]
    blue = [bytes(_mixed(row, (-38, -74, 112), 128, 2)) for row in small]
    red = [bytes(_mixed(row, (112, -94, -18), 128, 2)) for row in small]
    return luma, blue, red


def _mixed(row: bytes, parts: tuple[int, int, int], base: int, step: int) -> list[int]:
    """Of every pixel, or of every second one, the parts of red, green and blue."""
    r, g, b = parts
    return [
        base + ((r * row[at] + g * row[at + 1] + b * row[at + 2] + 128) >> 8) for at in range(0, len(row), 3 * step)
    ]


def _unit(kind: int, content: bytes) -> bytes:
    """A NAL unit: where its bytes would look like the start of another, a 3 comes between (section 7.4.1)."""
    out, zeros = bytearray([kind]), 0
    for byte in content:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


class _Track:
    """What the headers of an MP4 tell of its one track."""

    def __init__(self, width: int, height: int, length: int, sequence: bytes, picture: bytes, size: int) -> None:
        self.width, self.height, self.length, self.size = width, height, length, size
        config = b"\x01" + sequence[1:4] + b"\xff\xe1" + struct.pack(">H", len(sequence)) + sequence
        self.config = _box(b"avcC", config + b"\x01" + struct.pack(">H", len(picture)) + picture)


def _movie(track: _Track, start: int) -> bytes:
    head = struct.pack(">5I", 0, 0, 0, SCALE, track.length) + struct.pack(">IHH8x", 0x10000, 0x100, 0)
    return _box(b"moov", _box(b"mvhd", head + MATRIX + bytes(24) + struct.pack(">I", 2)) + _trak(track, start))


def _trak(track: _Track, start: int) -> bytes:
    head = struct.pack(">6I8x4H", 7, 0, 0, 1, 0, track.length, 0, 0, 0, 0)
    size = struct.pack(">2I", track.width << 16, track.height << 16)
    return _box(b"trak", _box(b"tkhd", head + MATRIX + size) + _media(track, start))


def _media(track: _Track, start: int) -> bytes:
    head = _box(b"mdhd", struct.pack(">5I2H", 0, 0, 0, SCALE, track.length, 0x55C4, 0))
    handler = _box(b"hdlr", struct.pack(">2I", 0, 0) + b"vide" + bytes(12) + b"sample\0")
    place = _box(b"dinf", _box(b"dref", struct.pack(">2I", 0, 1) + _box(b"url ", struct.pack(">I", 1))))
    told = _box(b"vmhd", struct.pack(">I4H", 1, 0, 0, 0, 0)) + place + _samples(track, start)
    return _box(b"mdia", head + handler + _box(b"minf", told))


def _samples(track: _Track, start: int) -> bytes:
    """One sample, for the whole length, at this place of the file."""
    entry = bytes(6) + struct.pack(">H16x2H2I4xH32xHh", 1, track.width, track.height, 0x480000, 0x480000, 1, 24, -1)
    tables = [
        _box(b"stsd", struct.pack(">2I", 0, 1) + _box(b"avc1", entry + track.config)),
        _box(b"stts", struct.pack(">4I", 0, 1, 1, track.length)),
        _box(b"stsc", struct.pack(">5I", 0, 1, 1, 1, 1)),
        _box(b"stsz", struct.pack(">4I", 0, 0, 1, track.size)),
        _box(b"stco", struct.pack(">3I", 0, 1, start)),
    ]
    return _box(b"stbl", b"".join(tables))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content
