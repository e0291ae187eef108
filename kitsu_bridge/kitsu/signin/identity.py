"""The identity of a request: who its cookies say it is, as confirmed by Kitsu."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

from django.http import HttpRequest

from kitsu_bridge.kitsu.errors import KitsuError, TokenRejected
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.proof import prove
from kitsu_bridge.secrets import decrypt, encrypt

KITSU_COOKIE = "access_token_cookie"
"""Zou sets it for its own host name, HttpOnly, SameSite=Lax (seen on Zou 1.0.97); cookies ignore ports."""

IN_SESSION = "kitsu_token"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `trouble`: there was a token, and Kitsu did not say whose; nobody knows then."""

    person: Person | None = None
    token: str = field(default="", repr=False)
    source: Literal["cookie", "session", ""] = ""
    trouble: KitsuError | None = None


def identity_of(request: HttpRequest) -> Identity:
    """Who the browser's cookies say it is, as the middleware put it there; asked from Kitsu when first looked at."""
    return cast("Identity", request.identity)  # type: ignore[attr-defined]


def identify(request: HttpRequest) -> Identity:
    """Kitsu's own cookie first: it is who clicks in Kitsu. Then the session of the bridge's sign-in.

    Where the two are different people, the cookie's is meant. So a cookie that Kitsu says nothing about ends the search:
    the session's person may be somebody else.
    """
    for source, token in (("cookie", request.COOKIES.get(KITSU_COOKIE, "")), ("session", session_token(request))):
        if not token:
            continue
        try:
            return Identity(prove(token), token, source)  # type: ignore[arg-type]
        except TokenRejected:
            if source == "session":
                forget_session(request)
        except KitsuError as error:
            return Identity(None, token, source, error)  # type: ignore[arg-type]
    return Identity()


def session_token(request: HttpRequest) -> str:
    """The token that the bridge's own sign-in keeps, encrypted, in the browser's session cookie."""
    kept = request.session.get(IN_SESSION)
    return (decrypt(kept) or "") if isinstance(kept, str) else ""


def remember_in_session(request: HttpRequest, token: str) -> None:
    """Sign in: a new session, with the token encrypted."""
    request.session.cycle_key()
    request.session[IN_SESSION] = encrypt(token)


def forget_session(request: HttpRequest) -> None:
    """Forget the bridge's own sign-in."""
    request.session.pop(IN_SESSION, None)
