"""Says what it will do, and does it: for tests of the preview."""

from __future__ import annotations

from typing import Annotated

from actions.contract import ActionError, Call, Field, Outcome, Plan, Step
from actions.registry import handler


@handler(title="Previewed")
def run(call: Call, *, word: str = "well", password: Annotated[str, Field(secret=True)] = "") -> Outcome:
    """Mark every task with a word."""
    for task in call.each("Marking"):
        call.task_done(task, f"{word}, with {'a' if password else 'no'} password")
    return Outcome(f"All {word}.", data={"password": password})


def preview(call: Call, *, word: str = "well", password: str = "") -> Plan:
    """Every second task is blocked; a bad word blocks all."""
    if word == "bad":
        raise ActionError("Choose another word.")
    steps = [Step(task, "is locked" if number % 2 else f"→ {word}", blocked=bool(number % 2))
             for number, task in enumerate(call.tasks)]  # fmt: skip
    return Plan(f"Marks them {word}.", steps)
