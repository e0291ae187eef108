"""Names in texts that Kitsu reads for whom they call."""

from __future__ import annotations

import re

APART = "\u200b"
CALLS = re.compile("[@#]")
ADDRESS = re.compile(r"[^@#\s]+@[\w-]+(\.[\w-]+)+")


def calm(value: str) -> str:
    """The name of a shot calls nobody: a space of no width keeps Kitsu from reading `@Ada Lovelace` or `#all` in it.

    Whoever is mentioned may answer on the task, and `#all` posts on all of the entity (comments_service.py in Zou 1.0.97).
    Who writes `@` or `#` into the text itself means it.
    """
    return value if ADDRESS.fullmatch(value) else CALLS.sub(f"\\g<0>{APART}", value)
