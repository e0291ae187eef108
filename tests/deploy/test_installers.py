"""Both folders for workstations stand alone; what they share is the same in both, so that a cure of one is one of the other."""

from __future__ import annotations

from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SHARED = (("# As the desktop entry specification", "\n}\n"), ("MimeType=$scheme;", '$data/applications" || true; fi\n'))


def part(folder, begin, end):
    text = (DEPLOY / folder / "linux/install.sh").read_text()
    start = text.index(begin)
    return text[start : text.index(end, start) + len(end)]


@pytest.mark.parametrize(("begin", "end"), SHARED)
def test_it_works(begin, end):
    assert part("desktop", begin, end) == part("kabaret", begin, end)
