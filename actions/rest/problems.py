"""Everything that goes wrong, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.http.request import UnreadablePostError
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response

from actions.approvals.deciding import CannotDecide
from actions.doors.answers import PROBLEM_JSON
from actions.line.problems import Problem, Refusal
from actions.registry_file.planning import CannotApply
from actions.registry_file.reading import WrongFile
from actions.rest.proof import REALM
from kitsu_bridge.kitsu.errors import KitsuError, KitsuForbids, KitsuUnavailable, NotInKitsu

AGAIN = 10
"""Seconds after which Kitsu or the cache may be asked again."""

Fields = Mapping[str, Any]


def problem_answer(problem: Problem, *, instance: str = "", errors: Fields | None = None) -> Response:
    """The answer for a problem. `instance`: the URL of its record; `errors`: sentences by field."""
    said = {name: value for name, value in problem.as_json(instance).items() if value or name == "status"}
    data = said | ({"errors": dict(errors)} if errors else {})
    return Response(data, problem.status, headers=_headers(problem), content_type=PROBLEM_JSON)


def answer_to(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """What REST says of an exception (`EXCEPTION_HANDLER`); None for a defect of ours, which Django answers and logs."""
    read = next((read for kind, read in READ.items() if isinstance(error, kind)), None)
    if read is None:
        return None
    problem, errors = read(error)
    answer = problem_answer(problem, errors=errors)
    if isinstance(error, exceptions.MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return answer


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    return headers | ({"WWW-Authenticate": REALM} if problem.status == 401 else {})


def _refusal(error: Any) -> tuple[Problem, Fields]:
    return error.problem, {}


def _invalid(error: Any) -> tuple[Problem, Fields]:
    errors = _sentences(error.detail)
    detail = " ".join(f"{name}: {text}" for name, text in errors.items())
    return Problem(422, "invalid", "What was sent is not right", detail, "Correct it."), errors


def _sentences(detail: Any) -> dict[str, str]:
    """One text for each field, however deep the trouble is."""
    if not isinstance(detail, dict):
        return {"body": _joined(detail)}
    return {str(name): _joined(value) for name, value in detail.items()}


def _joined(detail: Any) -> str:
    if isinstance(detail, dict):
        return " ".join(f"{name}: {_joined(value)}" for name, value in detail.items())
    return " ".join(map(_joined, detail)) if isinstance(detail, list) else str(detail)


def _file(error: Any) -> tuple[Problem, Fields]:
    return _invalid(exceptions.ValidationError({"body": str(error)}))


def _http(error: Any) -> tuple[Problem, Fields]:
    """DRF's own: the words of its status, its sentence, and what to do."""
    status, wait = error.status_code, int(getattr(error, "wait", 0) or 0)
    code, title, cure = WORDS.get(status, ("request", "This request cannot be answered", "Look into the schema."))
    return Problem(status, code, title, str(error.detail), cure, retry_after=wait), {}


def _missing(error: Any) -> tuple[Problem, Fields]:
    return NOT_THERE, {}


def _too_big(error: Any) -> tuple[Problem, Fields]:
    return Problem(413, "too_large", "Too much was sent", "One call may not be that large.", "Send less of it."), {}


def _unreadable(error: Any) -> tuple[Problem, Fields]:
    return Problem(
        400, "unreadable", "This request cannot be read", "It broke off, or is no HTTP.", "Send it again."
    ), {}


def _too_late(error: Any) -> tuple[Problem, Fields]:
    return Problem(409, "cannot_decide", "This decision does not count", str(error), "Look how it stands."), {}


def _kitsu(error: Any) -> tuple[Problem, Fields]:
    return Problem(502, "kitsu", "Kitsu did not do its part", str(error), "Ask your studio manager."), {}


def _kitsu_forbids(error: Any) -> tuple[Problem, Fields]:
    return Problem(403, "kitsu_forbids", "Kitsu does not allow this", str(error), "Ask your studio manager."), {}


def _away(error: Any) -> tuple[Problem, Fields]:
    detail = str(error) if isinstance(error, KitsuError) else "The bridge's cache does not answer."
    return Problem(503, "away", "Something the bridge needs is away", detail, "Try again.", retry_after=AGAIN), {}


WORDS = {
    400: ("unreadable", "This request cannot be read", "Send JSON."),
    401: ("token", "Nobody knows who asks", "Send a token as `Authorization: Bearer ...`."),
    403: ("forbidden", "This is not for you", "Ask your studio manager."),
    404: ("not_found", "Nothing is here", "It does not exist, or it is not yours to see."),
    405: ("method", "That cannot be done here", "Look into the schema for what can."),
    406: ("not_acceptable", "There is no such form of the answer", "Accept application/json."),
    415: ("media_type", "This type of content is not taken", "Send application/json."),
    429: ("rate", "Too many requests in a short time", "Wait, and try again."),
}
"""Code, title and cure by status."""

NOT_THERE = Problem(404, WORDS[404][0], WORDS[404][1], "There is nothing of this name for you.", WORDS[404][2])

READ: dict[type[Exception], Callable[[Any], tuple[Problem, Fields]]] = {
    Refusal: _refusal,
    exceptions.ValidationError: _invalid,
    exceptions.NotFound: _missing,
    exceptions.APIException: _http,
    Http404: _missing,
    WrongFile: _file,
    CannotApply: _file,
    RequestDataTooBig: _too_big,
    SuspiciousOperation: _unreadable,
    UnreadablePostError: _unreadable,
    CannotDecide: _too_late,
    KitsuUnavailable: _away,
    NotInKitsu: _missing,
    KitsuForbids: _kitsu_forbids,
    KitsuError: _kitsu,
    RedisError: _away,
}
"""The first that fits counts."""
