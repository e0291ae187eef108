"""The log as a file: how much it will be, the download, and the page of one that a worker prepares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.access import Sight, sight_of, visible_to
from audit.exports.asking import asked, cancel, send_again
from audit.exports.forms import FORMS, NAMES, Form, Streamed
from audit.exports.rows import COLUMNS, MOST_COUNTED, counted, pieces
from audit.exports.told import tell
from audit.log.filters import Filters
from audit.models import Export, Invocation
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import reader_required

MOST_STREAMED = 5_000
"""Rows that are there in a moment. Of more, a page tells how far it is."""


@never_cache
@require_http_methods(["GET", "POST"])
@reader_required
def export_log(request: HttpRequest) -> HttpResponseBase:
    """GET: how many rows the filters give, and in which forms. POST: the file, or the page of the one that is prepared."""
    person = identity_of(request).person
    filters = Filters.read(request.POST if request.method == "POST" else request.GET, me=person)
    count = counted(filters.apply(visible_to(request)))
    form = request.POST.get("form", "")
    if request.method == "GET" or form not in FORMS or filters.problems:
        return _page(request, filters, count)
    stream = FORMS[form].stream
    if stream is not None and count <= MOST_STREAMED:
        return _streamed(request, form, stream, filters, count)
    return _see(asked(person, sight_of(request), form, filters, count))


def _page(request: HttpRequest, filters: Filters, count: int) -> HttpResponse:
    context = {
        "count": count,
        "more": count > MOST_COUNTED,
        "most": MOST_COUNTED,
        "most_streamed": MOST_STREAMED,
        "filters": filters.in_words(),
        "problems": filters.problems,
        "query": filters.as_query(),
        "asked": parse_qsl(filters.as_query()),
        "forms": NAMES,
        "columns": list(COLUMNS),
    }
    return render(request, "log/export.html", context, status=422 if request.method == "POST" else 200)


def _streamed(
    request: HttpRequest, form: str, stream: Streamed, filters: Filters, expected: int
) -> StreamingHttpResponse:
    """Sent as it is read. How many rows went out is written down when the last one has, or the browser has gone."""
    person = identity_of(request).person
    tell(person, form, filters, expected, "asked for")

    def told(count: int, whole: bool) -> None:
        tell(person, form, filters, count, "handed over" if whole else "handed over before it broke off")

    rows = filters.apply(visible_to(request))
    response = StreamingHttpResponse(stream(_counting(pieces(rows), told)), content_type=FORMS[form].content_type)
    name = f"log-{timezone.now():%Y-%m-%d-%H%M}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _counting(found: Iterator[list[Invocation]], told: Callable[[int, bool], None]) -> Iterator[list[Invocation]]:
    count, whole = 0, False
    try:
        for piece in found:
            yield piece
            count += len(piece)
        whole = True
    finally:
        told(count, whole)


@never_cache
@require_GET
@reader_required
def export_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is; `?live` only the part that changes."""
    export = _own(request, pk)
    context: dict[str, Any] = {
        "export": export,
        "name": NAMES[export.form],
        "filters": Filters.of_query(export.filters).in_words(),
        "sent_again": send_again(export),
        "there": export.path.exists(),
        "allowed": _still_allowed(request, export),
        "is_open": export.state in Export.OPEN,
    }
    return render(request, "log/export_live.html" if "live" in request.GET else "log/prepared.html", context)


@never_cache
@require_GET
@reader_required
def export_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, for who asked for it and may see as much still; that it was taken is written down."""
    export = _own(request, pk)
    if not _still_allowed(request, export):
        return redirect(export)
    try:
        content = export.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    form: Form = FORMS[export.form]
    tell(identity_of(request).person, export.form, Filters.of_query(export.filters), export.rows, "handed over")
    name = f"log-{export.asked_at:%Y-%m-%d-%H%M}.{export.form}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=form.content_type)


@require_POST
@reader_required
def cancel_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop it, for who asked for it."""
    export = _own(request, pk)
    cancel(export, identity_of(request).person)
    return _see(export)


def _own(request: HttpRequest, pk: UUID) -> Export:
    """Only who asked for it has it: what they may see is not what another may."""
    person = identity_of(request).person
    export = Export.objects.filter(pk=pk, person_id=person.id if person else "").first()
    if export is None:
        raise Http404
    return export


def _still_allowed(request: HttpRequest, export: Export) -> bool:
    """Whether they may see today what they might when they asked: who led a production then may not lead it now."""
    return sight_of(request).covers(Sight.from_json(export.sight))


def _see(export: Export) -> HttpResponse:
    response = redirect(export)
    response.status_code = 303
    return response
