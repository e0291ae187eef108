"""Answers as Jet Bridge gives them: its statuses, its types, its bodies.

Source of each: `error_response` in jet_bridge_base/views/base/api.py and the pages in jet_bridge_base/templates (1.12.13).
Whoever asks for JSON gets JSON where Jet Bridge has pages only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html

from actions.line.problems import Problem

PAGES = {
    403: "<h1>Forbidden</h1><p>You don't have permission to access {} on this server</p>",
    404: "<h1>Not Found</h1><p>The requested URL {} was not found on this server.</p>",
    500: "<h1>Server Error (500)</h1>",
}

BY_STATUS = {401: 403, 403: 403, 413: 413, 429: 429, 500: 500, 503: 503}
"""Our statuses as Jet's; any other is 400."""

METHODS = "GET, POST, OPTIONS"
HEADERS = "Authorization, Content-Type, X-Requested-With, X-Application-Warning, X-Bridge-Settings, X-Stick-Session"


def said(result: Any) -> HttpResponse:
    """What a handler returned; nothing is an empty body."""
    if result is None:
        return HttpResponse(b"", content_type="application/json")
    return JsonResponse(result, safe=False, encoder=DjangoJSONEncoder)


def wrong(error: ValidationError) -> HttpResponse:
    """400 with what is wrong, by field."""
    if hasattr(error, "error_dict"):
        fields = {("non_field_errors" if name == NON_FIELD_ERRORS else name): texts
                  for name, texts in error.message_dict.items()}  # fmt: skip
    else:
        fields = {"non_field_errors": error.messages}
    return JsonResponse(fields, status=400)


def refused(request: HttpRequest, problem: Problem, fields: Mapping[str, str]) -> HttpResponse:
    """A refusal of ours: a page without a reason where Jet has one, else the sentence."""
    status = BY_STATUS.get(problem.status, 400)
    if fields:
        return JsonResponse({name: [text] for name, text in fields.items()}, status=400)
    answer = page(request, status, problem.sentence)
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Jet's page for a status, or the sentence as JSON for whoever asks for that."""
    if status in PAGES and "application/json" not in request.headers.get("Accept", ""):
        return HttpResponse(format_html(PAGES[status], request.path), status=status, content_type="text/html")
    return JsonResponse({"non_field_errors": [sentence]}, status=status)


def across(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let a page of Jet's read the answer, where the settings name its origin.

    Jet Bridge says `*` together with credentials, which browsers refuse (Fetch, 3.3.5): the origin itself is named here.
    """
    patch_vary_headers(answer, ["Origin"])
    answer.headers["Cache-Control"] = "no-store"
    origin = request.headers.get("Origin", "")
    if origin.lower() in settings.JET_ORIGINS:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Access-Control-Allow-Methods"] = METHODS
        answer.headers["Access-Control-Allow-Headers"] = HEADERS
        answer.headers["Access-Control-Expose-Headers"] = "Content-Length, Content-Type, X-Application-Warning"
    return answer
