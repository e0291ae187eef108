"""The doors of tickets: the page gives their link to their person, and the launcher takes them and reports on them.

The launcher has no cookie. It proves itself by the ticket, which only the signed-in person's own browser was ever given, and
then by the key that it got for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from actions import tickets
from actions.clients.protocols import ticket as link
from actions.doors.answers import PROBLEM_JSON, wants_page
from actions.doors.payload import JSON, raw_body, read
from actions.line.problems import Problem, Refusal, refuse
from actions.models import Ticket
from audit.access import may_see
from audit.views.page import share_of, visible_or_404
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.rates import seconds_to_wait

LARGEST_WORD = 256 * 1024
"""Bytes that a launcher may send at once."""

Launched = Callable[[HttpRequest, dict[str, Any]], dict[str, Any]]


def for_the_launcher(answer: Launched) -> Callable[[HttpRequest], HttpResponse]:
    """A view for the launcher: JSON in and out, so often a minute and no more, every refusal as a problem."""

    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            _not_too_often(request)
            return _unstored(JsonResponse(answer(request, _said(request))))
        except Refusal as refusal:
            return _problem(refusal.problem)

    return csrf_exempt(require_POST(view))


@for_the_launcher
def take_ticket(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """What to start, for the one who comes first with the ticket."""
    launcher = tickets.Launcher(_text(said, "host"), address_of(request))
    taken, key = tickets.take(_text(said, "ticket"), launcher)
    return {"content": taken.content, "report": key}


@for_the_launcher
def report_on_ticket(_request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """What became of it: started, finished with its exit code, failed, or what the program wrote."""
    what = REPORTS.get(_text(said, "what"))
    if what is None:
        raise _wrong(f"“what” is one of: {', '.join(REPORTS)}.")
    return {"state": what(_text(said, "report"), said).state}


REPORTS: dict[str, Callable[[str, dict[str, Any]], Ticket]] = {
    "started": lambda key, said: tickets.started(key),
    "finished": lambda key, said: tickets.finished(key, _exit_code(said)),
    "failed": lambda key, said: tickets.failed(key, _text(said, "reason")),
    "log": lambda key, said: tickets.wrote(key, _text(said, "text")),
}


@never_cache
@require_POST
def give_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The link that starts it, once more: as a page, or as JSON for the script of the invocation's page."""
    ticket = Ticket.objects.select_related("invocation").filter(pk=pk).first()
    if ticket is None:
        raise Http404
    try:
        token = tickets.give_link(ticket, _person(request, ticket), address_of(request))
    except Refusal as refusal:
        return _no_link(request, ticket, refusal.problem)
    url = link.url(settings.BRIDGE_URL or request.build_absolute_uri(reverse("front")).rstrip("/"), token)
    if wants_page(request):
        return render(request, "tickets/link.html", {"url": url, "ticket": ticket, "invocation": ticket.invocation})
    return JsonResponse({"url": url})


@never_cache
@require_GET
def tickets_of_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the tickets of an invocation are; 204 when nothing changed since the page looked."""
    invocation = visible_or_404(request, pk)
    found = list(Ticket.objects.filter(invocation=invocation))
    if request.GET.get("seen") == tickets.seen_of(found):
        return HttpResponse(status=204)
    return render(
        request, "tickets/tickets.html", {"invocation": invocation, "tickets": found, "shared": share_of(request)}
    )


def _person(request: HttpRequest, ticket: Ticket) -> Person | None:
    """Who asks, if they may see the ticket at all. Raises `Refusal` while Kitsu does not say who it is."""
    identity = identity_of(request)
    if identity.trouble is not None:
        raise refuse(503, "kitsu_away", "Kitsu does not answer", str(identity.trouble), "Try again in a moment.")
    if not may_see(identity, ticket.invocation):
        raise Http404
    return identity.person


def _no_link(request: HttpRequest, ticket: Ticket, problem: Problem) -> HttpResponse:
    if not wants_page(request):
        return _problem(problem)
    about = {"invocation": ticket.invocation, "problem": problem}
    return render(request, "invocation/refused.html", about, status=problem.status)


def _not_too_often(request: HttpRequest) -> None:
    wait = seconds_to_wait([(settings.RATE_PER_ADDRESS, f"launcher:{address_of(request)}")], now=time.time())
    if wait:
        raise refuse(429, "rate", "Too many calls", "in a short time.", f"Wait {wait} seconds.", retry_after=wait)


def _said(request: HttpRequest) -> dict[str, Any]:
    """The JSON that was sent. Raises `Refusal` for anything else."""
    if (request.content_type or "").lower() != JSON:
        raise refuse(415, "content_type", "This is no JSON", "The launcher speaks JSON.", f"Send {JSON}.")
    body, trouble = raw_body(request)
    if trouble is not None:
        raise trouble
    if len(body) > LARGEST_WORD:
        raise refuse(413, "too_large", "Too much was sent", f"{LARGEST_WORD:,} bytes are the most.", "Send less.")
    return dict(read(request, body).fields)


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise _wrong(f"“{name}” is text.")
    return value


def _exit_code(said: dict[str, Any]) -> int:
    """Windows has codes up to 2³², others down to minus a signal's number."""
    code = said.get("exit_code")
    if isinstance(code, bool) or not isinstance(code, int) or abs(code) > 2**33:
        raise _wrong("“exit_code” is a whole number.")
    return code


def _wrong(detail: str) -> Refusal:
    return refuse(400, "report", "This report cannot be read", detail, "Update the launcher.")


def _problem(problem: Problem) -> HttpResponse:
    response = JsonResponse(problem.as_json(""), status=problem.status, content_type=PROBLEM_JSON)
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return _unstored(response)


def _unstored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
