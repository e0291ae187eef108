"""Who sends a message: the token in Jet's own forms of the `Authorization` header.

`<Type> <value>[;key=value...]`, several of them separated with commas. As Jet Bridge reads it (`parse_token` in
jet_bridge_base/utils/token.py, 1.12.13), a JWT wins; else the first counts. The value is a bridge token, or one of Kitsu's.
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
    found = [pair for pair in map(_read, header.split(",")) if pair[1]]
    first = sorted(found, key=lambda pair: pair[0] != "JWT")
    return first[0][1] if first else ""


def unavailable(error: Exception) -> Refusal:
    """Kitsu does not answer."""
    return refuse(503, "kitsu", "Kitsu does not answer", str(error), "Try again in a minute.")


def _read(one: str) -> tuple[str, str]:
    kind, _, value = one.strip().partition(" ")
    return kind, value.partition(";")[0].strip() if kind in TYPES else ""
