"""Who sends a message: the token in Jet's own forms of the `Authorization` header.

`<Type> <value>[;key=value...]`, several of them separated with commas. As Jet Bridge reads it (`parse_token` in
jet_bridge_base/utils/token.py, 1.12.13), what is no pair is left out, of one type the last counts, and of several types a JWT,
else the first. The value is a bridge token, or one of Kitsu's.
"""

from __future__ import annotations

from django.http import HttpRequest

from actions.doors.bearer import CURE, Proof, proof_of
from actions.line.problems import Refusal, refuse
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.errors import KitsuUnavailable

TYPES = ("JWT", "Token", "ProjectToken", "Bearer")


def proof(request: HttpRequest) -> Proof:
    """Who it is. Raises `Refusal` for a message without a token that is accepted."""
    text = token_in(request.headers.get("Authorization", ""))
    if not text:
        raise refuse(401, "token", "There is no token", "Nobody gets an answer here without one.", CURE)
    try:
        return proof_of(text, address_of(request))
    except KitsuUnavailable as error:
        raise unavailable(error) from error


def token_in(header: str) -> str:
    """The token that counts; empty where there is none."""
    pairs = (one.split(" ") for one in header.split(","))
    found = {pair[0]: pair[1].partition(";")[0] for pair in pairs if len(pair) == 2}
    kind = "JWT" if "JWT" in found else next(iter(found), "")
    return found[kind] if kind in TYPES else ""


def unavailable(error: Exception) -> Refusal:
    """Kitsu does not answer."""
    return refuse(503, "kitsu", "Kitsu does not answer", str(error), "Try again in a minute.")
