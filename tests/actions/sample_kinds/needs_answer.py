"""Cannot do without an answer: for tests of what happens where nobody is asked."""

from __future__ import annotations

from actions.contract import Call, Outcome
from actions.registry import handler


@handler(title="Needs an answer")
def run(call: Call, *, word: str) -> Outcome:
    """Say it back."""
    return Outcome(word)
