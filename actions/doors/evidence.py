"""Who a call comes from: what the browser's cookie, the page's origin and the payload prove together."""

from __future__ import annotations

from actions.contract import Selection
from actions.doors.origin import Origin
from actions.line.problems import Refusal, refuse
from actions.line.stages import Wait
from actions.line.who import Who, agree, claimed
from audit.states import Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.signin.identity import Identity

SIGN_IN = Wait(
    WaitingFor.SIGN_IN, "Kitsu sends no proof of who clicked. Sign in with your Kitsu account and it goes on."
)
UNKNOWN_PAGE = Wait(WaitingFor.CONFIRMATION, "This call did not come from a page of Kitsu. Did you mean to run it?")
FOLLOWED_LINK = Wait(WaitingFor.CONFIRMATION, "A link led here, and a link alone runs nothing. Did you mean to run it?")


def who_calls(identity: Identity, origin: Origin, selection: Selection, trust: str, *, program: bool) -> Who | Wait:
    """The person behind a POST, or what must happen before that is known.

    `trust` is what the action asks for. A cookie proves a POST only when the page's origin is known: any page of the same
    site could make the browser send it. Raises `Refusal` for a foreign page, a contradiction, and a program without proof.
    """
    _not_from_a_stranger(origin, program)
    if origin is not Origin.KNOWN:
        if program:
            raise no_proof("A cookie counts only together with the Origin header of a page of Kitsu.")
        return UNKNOWN_PAGE
    if identity.person is not None:
        agree(selection, identity.person)
        return Who(identity.person, Trust.PROVEN, identity.token)
    if identity.trouble is not None:
        return kitsu_is_away(identity.trouble)
    if trust == Trust.CLAIMED:
        return whoever_is_claimed(selection)
    if program:
        raise no_proof("This action needs to know who clicked, and the call carries no session of Kitsu's.")
    return SIGN_IN


def who_followed(identity: Identity, selection: Selection) -> Wait:
    """A GET runs nothing, whoever it is; a contradiction is said at once."""
    if identity.person is not None:
        agree(selection, identity.person)
    return FOLLOWED_LINK


def whoever_is_claimed(selection: Selection) -> Who | Wait:
    """The person that the payload names, or the wait for a Kitsu that can say whether there is one."""
    try:
        return claimed(selection)
    except KitsuUnavailable as error:
        return kitsu_is_away(error)


def kitsu_is_away(error: Exception) -> Wait:
    """Nobody can say who it is while Kitsu does not answer."""
    return Wait(WaitingFor.KITSU, f"{error} The call is kept and goes on by itself when Kitsu is back.")


def no_proof(detail: str) -> Refusal:
    """401 for a program: it can do nothing with a page to sign in at."""
    return refuse(
        401,
        "not_proven",
        "Nobody knows who asks",
        detail,
        "Sign in to Kitsu, or at the bridge, in this browser and run the action again.",
    )


def _not_from_a_stranger(origin: Origin, program: bool) -> None:
    if origin is Origin.FOREIGN or (origin is Origin.NULL and program):
        raise refuse(
            403,
            "origin",
            "This page may not call the bridge",
            "The call came from a page that is not the studio's Kitsu.",
            "If it is, add its origin to KITSU_ORIGINS.",
        )
