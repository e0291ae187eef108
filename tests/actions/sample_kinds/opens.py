"""Opens something in the browser: for tests of what cannot be in the background."""

from __future__ import annotations

from actions.contract import Call, Outcome
from actions.registry import handler


@handler(title="Opens", opens_in_browser=True)
def run(call: Call) -> Outcome:
    """Open a page."""
    return Outcome("Opened.", then="open", target="https://kitsu.studio/")
