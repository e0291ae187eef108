"""Programs that run what they are given: the name of a shot must never be what they run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from actions.contract import ActionError

INTERPRETERS = re.compile(
    r"(ba|da|z|k|c|tc|fi|a)?sh|pwsh|busybox|(python|pypy)[\d.]*|mayapy|hython|perl|ruby|node(js)?|deno|bun|php|lua|tclsh|expect"
    r"|osascript|env|nice|nohup|timeout|sudo|xargs|[gmn]?awk|sed"
)
CODE_FOLLOWS = re.compile(r"-\w*[ceES]|--(eval|command|execute|split-string)|-Command")
"""Options behind which these read a program: a name that stood there would be run."""


def is_interpreter(program: str) -> bool:
    """Whether a program, by its path, reads programs itself."""
    return INTERPRETERS.fullmatch(Path(program).name) is not None


def refuse_code(templates: Sequence[str]) -> None:
    """Of an interpreter's arguments: its script, what stands before it, and what follows `-c` and the like hold no variable.

    Raises `ActionError` for one that does.
    """
    script = next((place for place, one in enumerate(templates) if not one.startswith("-")), len(templates))
    code = [after for before, after in pairwise(templates) if CODE_FOLLOWS.fullmatch(before)]
    for template in (*templates[: script + 1], *code):
        if "{" in template:
            raise ActionError(
                f"“{template[:80]}” is run as a program: a variable there would let the name of a shot run. Write a script, and "
                "give it the variable as an argument."
            )
