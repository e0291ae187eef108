"""What can go wrong on the way to a web service, in words for a person."""

from __future__ import annotations

from actions.contract import ActionError


class WebTrouble(ActionError):
    """No answer came. The text never holds more of the address than its host: the rest may be a secret."""


class NotAllowed(WebTrouble):
    """The address is none that may be called; nothing was sent."""


class NotReached(WebTrouble):
    """No connection was made, so nothing was sent: to try again is always safe."""


class BrokenOff(WebTrouble):
    """The connection broke or took too long after something may have arrived."""
