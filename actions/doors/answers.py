"""What a door answers: the way to the invocation's page, or the problem in words; each as a page or as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from actions.doors.origin import allow_origin
from actions.line.problems import Problem
from audit.access import remember_call
from audit.models import Invocation

PROBLEM_JSON = "application/problem+json"


def wants_page(request: HttpRequest) -> bool:
    """A browser that shows its answer asks for HTML; Kitsu's AJAX call and programs do not (recorded requests)."""
    return "text/html" in request.headers.get("Accept", "")


def accepted(request: HttpRequest, invocation: Invocation, *, new: bool) -> HttpResponse:
    """303 to the page for a browser, 202 for a program. Recorded by now, so nothing is lost from here on."""
    if wants_page(request):
        response: HttpResponse = HttpResponseRedirect(invocation.get_absolute_url())
        response.status_code = 303
        if new:
            remember_call(response, invocation)
    else:
        response = JsonResponse(_receipt(request, invocation), status=202)
        response.headers["Location"] = request.build_absolute_uri(invocation.get_absolute_url())
    return _unstored(allow_origin(request, response))


def refused(request: HttpRequest, invocation: Invocation, problem: Problem) -> HttpResponse:
    """The problem, with its status: a page for a browser, `application/problem+json` (RFC 9457) for a program."""
    if wants_page(request):
        response = render(
            request, "invocation/refused.html", {"invocation": invocation, "problem": problem}, status=problem.status
        )
        remember_call(response, invocation)
    else:
        instance = request.build_absolute_uri(invocation.get_absolute_url())
        response = JsonResponse(problem.as_json(instance), status=problem.status, content_type=PROBLEM_JSON)
    for name, value in _headers(problem).items():
        response.headers[name] = value
    return _unstored(allow_origin(request, response))


def _headers(problem: Problem) -> dict[str, str]:
    """What HTTP asks for with these statuses (RFC 9110, 10.2.1, 10.2.3 and 11.6.1)."""
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    if problem.status == 405:
        headers["Allow"] = "GET, POST, OPTIONS"
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Kitsu"'
    return headers


def _receipt(request: HttpRequest, invocation: Invocation) -> dict[str, str | int]:
    return {
        "id": str(invocation.pk),
        "state": invocation.state,
        "waiting_for": invocation.waiting_for,
        "reason": invocation.reason,
        "tasks": invocation.task_count,
        "page": request.build_absolute_uri(invocation.get_absolute_url()),
    }


def _unstored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
