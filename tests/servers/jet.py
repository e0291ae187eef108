"""jet-django, which the answers to Jet Admin's messages are compared with: installed once into `.run/jet`."""

from __future__ import annotations

from pathlib import Path

from tests.servers.venvs import ROOT, python_of

WANTED = ROOT / "tests" / "actions" / "jet" / "oracle" / "requirements.txt"


def installed() -> Path:
    """The Python of its own virtual environment; made at the first run, in about 30 seconds."""
    return python_of("jet", version(), ["-r", str(WANTED)])


def version() -> str:
    """The one that is pinned."""
    pinned = (line.split()[0] for line in WANTED.read_text().splitlines())
    return next(one.partition("==")[2] for one in pinned if one.startswith("jet-django=="))
