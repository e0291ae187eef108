"""The door for Kitsu: `/run/<slug>/`, where a custom action's URL points.

A POST is Kitsu's form or its AJAX call; an OPTIONS is the browser asking before the latter; a GET is a link, and runs
nothing. Whatever arrives is recorded, and answered in words.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from actions.contract import Selection
from actions.doors import answers
from actions.doors.dialects import readable, shown, understand
from actions.doors.evidence import who_calls, who_followed
from actions.doors.origin import Origin, origin_of, preflight
from actions.doors.payload import Payload, as_text, raw_body, read
from actions.gate import rate
from actions.line.calls import describe, enter
from actions.line.calls import refused as record_refused
from actions.line.known import action_of
from actions.line.problems import Pairs, Problem, Refusal, refuse
from actions.line.stages import Wait
from actions.line.who import Who
from actions.models import Action
from actions.parameters.asked import asked_of
from actions.parameters.links import suggested
from audit.models import Invocation
from audit.states import Door, State
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.masking import masked, masked_text


@csrf_exempt  # Kitsu sends no CSRF token; evidence.py asks for a known Origin instead.
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Receive one call of an action."""
    if request.method == "OPTIONS" and origin_of(request) is Origin.KNOWN:
        return preflight(request)
    invocation, body, broken = _received(request, slug)
    payload: Payload | None = None
    selection: Selection | None = None
    try:
        payload = _readable(request, body, broken)
        action = _action(slug)
        invocation.action_name, invocation.kind = action.name, action.kind
        selection = understand(payload.fields)
        describe(invocation, action, selection)
        invocation.parameters |= suggested(payload.fields, asked_of(invocation.definition))
        came = _who(request, action, selection)
        entered = enter(invocation, came, token=identity_of(request).token if isinstance(came, Wait) else "")
    except Refusal as refusal:
        problem = _explained(refusal.problem, payload, selection)
        if not rate(None, invocation.address):
            invocation.payload = ""  # A flood must not fill the record with what nobody will read.
        record_refused(invocation, problem, _proven(request))
        return answers.refused(request, invocation, problem)
    return answers.accepted(request, entered, new=entered is invocation)


def _proven(request: HttpRequest) -> Person | None:
    """Who was refused, for the record: only where the page's origin lets a cookie prove it."""
    return identity_of(request).person if origin_of(request) is Origin.KNOWN else None


def _received(request: HttpRequest, slug: str) -> tuple[Invocation, bytes, Refusal | None]:
    """A new record of what arrived, before any of it is understood."""
    body, broken = raw_body(request)
    text = as_text(body or request.META.get("QUERY_STRING", "").encode("utf-8", "replace"))
    invocation = Invocation(
        action_slug=as_text(slug.encode("utf-8", "replace"))[:80],
        door=_door(request),
        address=address_of(request),
        origin=as_text(request.headers.get("Origin", "").encode("utf-8", "replace"))[:200],
        payload=masked_text(text),
        payload_type=as_text((request.content_type or "").encode("utf-8", "replace"))[:120],
        payload_size=len(body) or _announced(request),
        state=State.REFUSED,
    )
    return invocation, body, broken


def _announced(request: HttpRequest) -> int:
    """Bytes that the browser said it would send; a body too large is not read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return min(int(length), 2**31 - 1) if length.isascii() and length.isdigit() else 0


def _door(request: HttpRequest) -> Door:
    if request.method == "GET":
        return Door.LINK
    return Door.FORM if answers.wants_page(request) else Door.AJAX


def _readable(request: HttpRequest, body: bytes, broken: Refusal | None) -> Payload:
    if request.method == "OPTIONS":
        raise refuse(
            403, "origin", "This page may not call the bridge", "The browser asked on behalf of a page that is not "
            "the studio's Kitsu.", "If it is, add its origin to KITSU_ORIGINS.",
        )  # fmt: skip
    if request.method not in {"GET", "POST"}:
        raise refuse(
            405, "method", "This method is not understood", f"{request.method} was sent.", "Send a POST as Kitsu does."
        )
    if broken is not None:
        raise broken
    return read(request, body)


def _action(slug: str) -> Action:
    action = action_of(slug)
    if action is None:
        raise refuse(
            404,
            "unknown_action",
            "There is no such action",
            f"No action has the name {slug[:80]!r}. It may have been renamed or deleted.",
            "Ask your studio manager to publish the actions to Kitsu again.",
        )
    return action


def _who(request: HttpRequest, action: Action, selection: Selection) -> Who | Wait:
    if request.method == "GET":
        return who_followed(identity_of(request), selection)
    program = not answers.wants_page(request)
    return who_calls(identity_of(request), origin_of(request), selection, action.trust, program=program)


def _explained(problem: Problem, payload: Payload | None, selection: Selection | None) -> Problem:
    """The problem with what arrived and what was understood of it, its secrets masked."""
    understood = problem.understood or (readable(selection) if selection else ())
    return replace(
        problem,
        detail=masked_text(problem.detail),
        arrived=_masked(shown(payload.fields)) if payload else (),
        understood=_masked(understood),
    )


def _masked(pairs: Pairs) -> Pairs:
    return tuple((name, str(masked({name: value})[name])) for name, value in pairs)
