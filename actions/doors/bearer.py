"""Who a program is: the proof that comes as `Authorization: Bearer ...`, for REST, Jet and every door of programs.

    proof = bearer(request)          # -> Proof | None; raises Refusal (401, 429) and KitsuUnavailable
    if proof is None: ...            # There is no such header: the door decides what that means.
    request.identity = proof.identity    # From here on `visible_to`, `may_see` and their like know who it is.
    enter(invocation, proof.who)     # The gate holds the token to its actions and productions.
    rows = proof.narrowed(visible_to(request))     # What may be read with it; `proof.may_read(invocation)` for one.

Two kinds of token are taken. One of Kitsu's own (a JWT: a person's session, or a bot's) is shown to Zou, whose yes is kept
for at most 60 seconds under a hash. A bridge token (`kb_...`) acts as the account that it was made for, with the rights that
this account has in Kitsu at this moment. Both give trust `proven`.

A door whose protocol writes the header in another way reads the text itself and calls `proof_of(text, address)`.

A page of another site cannot send this header without asking first, and no browser sends it by itself: a call that has it needs
neither Origin nor CSRF token. It must come by this header alone, never in an address.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpRequest

from actions.gate.scope import Scope
from actions.line.problems import Refusal, refuse
from actions.line.who import Who
from actions.models import Token
from actions.tokens import PREFIX, find, used
from audit.models import Invocation
from audit.states import Trust
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.errors import TokenRejected
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.proof import prove
from kitsu_bridge.kitsu.signin.identity import Identity
from kitsu_bridge.kitsu.standing import standing_of
from kitsu_bridge.rates import is_over, seconds_to_wait

FAILURES = "30/minute"
"""Tokens from one address that were not accepted; beyond them none is looked at until the minute is over."""

CURE = "Send a token of Kitsu's, or a bridge token that is still good, as `Authorization: Bearer ...`."


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose token it is. `scope`: what a bridge token is for; None for one of Kitsu's, which is for all that its person may."""

    person: Person
    scope: Scope | None = None
    token: str = field(default="", repr=False)
    """A person's own token of Kitsu's, with which a worker reads as that person; empty for bots and bridge tokens."""

    trust = Trust.PROVEN

    @property
    def who(self) -> Who:
        """For the line."""
        return Who(self.person, Trust.PROVEN, self.token, self.scope)

    @property
    def identity(self) -> Identity:
        """For a request, in place of what its cookies say."""
        return Identity(self.person, self.token)

    def narrowed(self, rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
        """Of the invocations that the person may see, those that this token may read."""
        return rows if self.scope is None else self.scope.narrowed(rows)

    def may_read(self, invocation: Invocation) -> bool:
        """The same of one that the person may see."""
        return self.scope is None or self.scope.holds(invocation)


def bearer(request: HttpRequest) -> Proof | None:
    """The proof of a request; None where it has no such header.

    Raises `Refusal` with 401 for a token that is not accepted, with 429 after too many of them, and `KitsuUnavailable` when
    nobody can say.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return proof_of(text.strip(), address_of(request))


def proof_of(text: str, address: str) -> Proof:
    """Whose token this is. Raises as `bearer` does."""
    counted = (FAILURES, f"bearer:{address}")
    wait = is_over(*counted, now=time.time())
    if wait:
        raise _too_many(wait)
    try:
        return _with_bridge_token(text, address) if text.startswith(PREFIX) else _with_kitsu_token(text)
    except TokenRejected:
        seconds_to_wait([counted], now=time.time())
        raise _not_accepted() from None


def _with_kitsu_token(text: str) -> Proof:
    person = prove(text, bots=True)
    # A bot may not read Kitsu's context (403), which a run with an own session begins with; so the bridge's bot reads for it.
    return Proof(person, token="" if person.is_bot else text)


def _with_bridge_token(text: str, address: str) -> Proof:
    token = find(text)
    if token is None:
        raise TokenRejected
    person = standing_of(token.person_id)
    if person is None or not person.active:
        raise TokenRejected  # The account is gone, and the token with it.
    used(token, address)
    return Proof(person, scope_of(token))


def scope_of(token: Token) -> Scope:
    """What it is for."""
    return Scope(str(token.pk), token.name, tuple(token.action_slugs), tuple(token.production_ids))


def _not_accepted() -> Refusal:
    return refuse(401, "token", "This token is not accepted", "It is unknown, has ended, expired or was revoked.", CURE)


def _too_many(wait: int) -> Refusal:
    detail = "Too many tokens from this address were not accepted."
    return refuse(429, "token_rate", "No token is looked at", detail, f"Wait {wait} seconds.", retry_after=wait)
