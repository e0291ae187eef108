"""`/api/messages/`, to which Jet Admin posts its messages, and `/api/`, at which it looks whether somebody is there."""

from __future__ import annotations

import uuid

import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from actions.gate import rate
from actions.jet import answers
from actions.jet.asking import Asking
from actions.jet.executing import EXECUTE, NotRun, execute
from actions.jet.handlers import call, handler_of
from actions.jet.header import proof
from actions.jet.listing import LIST, action_list
from actions.jet.message import Message, read_message
from actions.jet.wanted import Wanted, read_wanted
from actions.line.problems import Problem, Refusal
from actions.line.programs import Ask, refuse_unheard
from actions.registry import kinds
from audit.states import Door
from kitsu_bridge.address import address_of

log = structlog.get_logger(__name__)

SPOKEN = "1.12.13"
"""The version of jet-django whose answers these are."""


@csrf_exempt  # No browser sends the header with the token by itself, and nothing is answered without it.
def probe(request: HttpRequest) -> HttpResponse:
    """What Jet asks before anything else. It says nothing of the studio, so it needs no token, as Jet Bridge's does not."""
    if request.method == "OPTIONS":
        return answers.across(request, _preflight())
    if request.method not in {"GET", "HEAD"}:
        return answers.across(request, answers.page(request, 404, "Send a GET here."))
    found = {"version": SPOKEN, "type": "jet_django", "store_available": False, "media_url_template": ""}
    return answers.across(request, JsonResponse(found))


@csrf_exempt  # As above.
def messages(request: HttpRequest) -> HttpResponse:
    """Answer one message."""
    if request.method == "OPTIONS":
        return answers.across(request, _preflight())
    try:
        return answers.across(request, _answer(request))
    except Exception:  # A handler of the studio's may raise anything.
        reference = uuid.uuid4().hex[:8]
        log.exception("A message crashed", reference=reference)
        sentence = f"Something broke. Tell your studio manager the reference {reference}."
        return answers.across(request, answers.page(request, 500, sentence))


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        asking = Asking(proof(request), address_of(request))
    except Refusal as refusal:
        _unheard(request, refusal.problem)
        return answers.refused(request, refusal.problem, {})
    try:
        if request.method != "POST":
            return answers.page(request, 404, "Messages are sent with POST.")
        return answers.said(_handled(request, read_message(request), asking))
    except ValidationError as error:
        return answers.wrong(error)
    except NotRun as refused:
        return answers.refused(request, refused.problem, refused.fields)
    except Refusal as refusal:
        return answers.refused(request, refusal.problem, {})
    except PermissionDenied as error:
        return answers.page(request, 403, str(error) or "Forbidden")


def _handled(request: HttpRequest, message: Message, asking: Asking) -> object:
    kinds()  # The studio's files are read, and the handlers in them.
    if message.name == LIST:
        return action_list(asking)
    if message.name == EXECUTE:
        return execute(request, message.params, asking)
    handler = handler_of(message.name)
    if handler is None:
        return None
    if asking.narrow:
        raise PermissionDenied("This token is for actions of the bridge only.")
    found: object = call(handler, message.name, message.params, asking)
    return found


def _unheard(request: HttpRequest, problem: Problem) -> None:
    """Record an action that was asked for without a token that is accepted."""
    wanted = _wanted(request) if rate(None, address_of(request)) else Wanted("")
    if wanted is not None:
        refuse_unheard(Ask(wanted.name, wanted.ids, wanted.params), problem, Door.JET, address=address_of(request))


def _wanted(request: HttpRequest) -> Wanted | None:
    """What would have been run; None for a message of another kind."""
    try:
        message = read_message(request)
        return read_wanted(message.params) if message.name == EXECUTE else None
    except (ValidationError, Refusal):
        return None


def _preflight() -> HttpResponse:
    return HttpResponse(status=204)
