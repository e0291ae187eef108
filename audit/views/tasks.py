"""The results of an invocation's tasks: page by page, one by one, and whole as JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.export import csv_lines
from audit.models import Invocation, TaskResult
from audit.states import Happened
from audit.views.page import RESULTS_AT_ONCE, share_of, template_of, visible_or_404
from kitsu_bridge.kitsu.signin.identity import identity_of


@never_cache
@require_GET
def invocation_tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The next hundred rows of the table; filtered by state and by words. A page of their own without JavaScript."""
    invocation = visible_or_404(request, pk)
    rows = invocation.results.filter(position__gt=_place(request.GET.get("after", "")))
    if (state := request.GET.get("state", "")) in TaskResult.State.values:
        rows = rows.filter(state=state)
    if words := request.GET.get("q", "").replace("\x00", "")[:200]:
        rows = rows.filter(name__icontains=words) | rows.filter(message__icontains=words)
    found = list(rows[: RESULTS_AT_ONCE + 1])
    context = {
        "invocation": invocation,
        "results": found[:RESULTS_AT_ONCE],
        "more": len(found) > RESULTS_AT_ONCE,
        "shared": share_of(request),
    }
    part = template_of(invocation, "_rows") if request.headers.get("HX-Request") else "invocation/tasks.html"
    return render(request, part, context)


@never_cache
@require_GET
def invocation_task(request: HttpRequest, pk: UUID, task_id: str) -> HttpResponse:
    """One task's result with all that its kind kept of it."""
    invocation = visible_or_404(request, pk)
    # PostgreSQL refuses a NUL in a query, where SQLite finds nothing.
    result = invocation.results.filter(task_id=task_id.replace("\x00", "")).first()
    if result is None:
        raise Http404
    part = template_of(invocation, "_task")
    context = {"invocation": invocation, "result": result, "part": part, "shared": share_of(request)}
    return render(request, part if request.headers.get("HX-Request") else "invocation/task.html", context)


@never_cache
@require_GET
def tasks_json(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """All results as JSON."""
    invocation = visible_or_404(request, pk)
    _exported(request, invocation, "JSON")
    return _download(_json(invocation), "application/json", f"{invocation.reference}.json")


@never_cache
@require_GET
def tasks_csv(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """All results as a table; what a kind kept is flattened into columns."""
    invocation = visible_or_404(request, pk)
    _exported(request, invocation, "CSV")
    return _download(csv_lines(invocation), "text/csv; charset=utf-8", f"{invocation.reference}.csv")


def _place(text: str) -> int:
    """The place after which the next rows stand; -1, before the first, for what is no place."""
    return int(text) if text.isdecimal() and len(text) <= 9 else -1


def _json(invocation: Invocation) -> Iterator[str]:
    yield "[\n"
    for number, result in enumerate(invocation.results.iterator(chunk_size=200)):
        row = {
            "task_id": result.task_id,
            "name": result.name,
            "state": result.state,
            "message": result.message,
            "data": result.data,
        }
        yield (",\n" if number else "") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _download(lines: Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="tasks-{name}"'
    return response


def _exported(request: HttpRequest, invocation: Invocation, form: str) -> None:
    identity = identity_of(request)
    invocation.event(Happened.EXPORTED, actor=identity.person, text=f"Its tasks were downloaded as {form}.").save()
