"""What Kitsu lets the person of a call write, told before it is tried."""

from __future__ import annotations

from actions.contract import Call
from kitsu_bridge.kitsu.rights import Rights

__all__ = ["Rights", "rights_of"]


def rights_of(call: Call) -> Rights | None:
    """The rights of whoever asked, by Zou's own rules; None where nobody is known, and Kitsu itself decides."""
    person = call.person
    return call.once("rights", lambda: Rights.of(person, call.tasks)) if person else None
