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
from audit.views.page import RESULTS_AT_ONCE, template_of, visible_or_404
from kitsu_bridge.kitsu.signin.identity import Identity


@never_cache
@require_GET
def invocation_tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The next hundred rows of the table; filtered by state and by words."""
    invocation = visible_or_404(request, pk)
    after = request.GET.get("after", "-1")
    rows = invocation.results.filter(position__gt=int(after) if after.lstrip("-").isdecimal() else -1)
    if (state := request.GET.get("state", "")) in TaskResult.State.values:
        rows = rows.filter(state=state)
    if words := request.GET.get("q", "").replace("\x00", "")[:200]:
        rows = rows.filter(name__icontains=words) | rows.filter(message__icontains=words)
    context = {"invocation": invocation, "results": rows[:RESULTS_AT_ONCE], "page_size": RESULTS_AT_ONCE}
    return render(request, template_of(invocation, "_rows"), context)


@never_cache
@require_GET
def invocation_task(request: HttpRequest, pk: UUID, task_id: str) -> HttpResponse:
    """One task's result with all that its kind kept of it."""
    invocation = visible_or_404(request, pk)
    result = invocation.results.filter(task_id=task_id).first()
    if result is None:
        raise Http404
    part = template_of(invocation, "_task")
    context = {"invocation": invocation, "result": result, "part": part}
    return render(request, part if request.headers.get("HX-Request") else "invocation/task.html", context)


@require_GET
def tasks_json(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """All results as JSON."""
    invocation = visible_or_404(request, pk)
    _exported(request, invocation, "JSON")
    return _download(_json(invocation), "application/json", f"{invocation.reference}.json")


@require_GET
def tasks_csv(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """All results as a table; what a kind kept is flattened into columns."""
    invocation = visible_or_404(request, pk)
    _exported(request, invocation, "CSV")
    return _download(csv_lines(invocation), "text/csv; charset=utf-8", f"{invocation.reference}.csv")


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
    identity: Identity = request.identity  # type: ignore[attr-defined]
    invocation.event(Happened.EXPORTED, actor=identity.person, text=f"Its tasks were downloaded as {form}.").save()
