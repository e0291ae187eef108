"""Says what it is about: for tests of feedback."""

from __future__ import annotations

from actions.contract import Call, Outcome
from actions.registry import handler


@handler(title="Teller")
def run(call: Call) -> Outcome:
    """One line of it."""
    about = call.about
    return Outcome(f"{about.action_name} {about.state}: {about.message} {about.id}")
