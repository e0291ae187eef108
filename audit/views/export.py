"""The log as a file: how much it will be, the download, and the page of one that a worker prepares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit.access import sight_of, visible_to
from audit.exports.forms import NAMES, STREAMED, XLSX
from audit.exports.preparing import asked, send_again, tell
from audit.exports.rows import COLUMNS, MOST_COUNTED, counted, pieces
from audit.log.filters import Filters
from audit.models import Export, Invocation
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import reader_required


@never_cache
@require_http_methods(["GET", "POST"])
@reader_required
def export_log(request: HttpRequest) -> HttpResponseBase:
    """GET: how many rows the filters give, and in which forms. POST: the file, or the page of the one that is prepared."""
    person = identity_of(request).person
    filters = Filters.read(request.POST if request.method == "POST" else request.GET, me=person)
    rows = filters.apply(visible_to(request))
    form = request.POST.get("form", "")
    if request.method == "GET" or form not in NAMES or filters.problems:
        return _page(request, filters, counted(rows))
    if form in STREAMED:
        return _streamed(request, form, filters)
    export = asked(person, sight_of(request), filters, counted(rows))
    return _see(export)


def _page(request: HttpRequest, filters: Filters, count: int) -> HttpResponse:
    context = {
        "count": count,
        "more": count > MOST_COUNTED,
        "most": MOST_COUNTED,
        "filters": filters.in_words(),
        "problems": filters.problems,
        "query": filters.as_query(),
        "asked": parse_qsl(filters.as_query()),
        "forms": NAMES,
        "columns": list(COLUMNS),
    }
    return render(request, "log/export.html", context, status=422 if request.method == "POST" else 200)


def _streamed(request: HttpRequest, form: str, filters: Filters) -> StreamingHttpResponse:
    """Sent as it is read. How many rows went out is written down when the last one has, or the browser has gone."""
    rows = filters.apply(visible_to(request))
    content_type, written = STREAMED[form]
    person = identity_of(request).person
    tell(person, form, filters, counted(rows), "asked for")

    def told(count: int, whole: bool) -> None:
        tell(person, form, filters, count, "handed over" if whole else "handed over before it broke off")

    response = StreamingHttpResponse(written(_counting(pieces(rows), told)), content_type=content_type)
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
        "sent_again": send_again(export),
        "there": export.path.exists(),
        "is_open": export.state in Export.OPEN,
    }
    return render(request, "log/export_live.html" if "live" in request.GET else "log/prepared.html", context)


@never_cache
@require_GET
@reader_required
def export_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """The file, for who asked for it; that it was taken is written down."""
    export = _own(request, pk)
    try:
        content = export.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    filters = Filters.read(QueryDict(export.filters))
    tell(identity_of(request).person, "xlsx", filters, export.rows, "handed over")
    name = f"log-{export.asked_at:%Y-%m-%d-%H%M}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


def _own(request: HttpRequest, pk: UUID) -> Export:
    """Only who asked for it has it: what they may see is not what another may."""
    person = identity_of(request).person
    export = Export.objects.filter(pk=pk, person_id=person.id if person else "").first()
    if export is None:
        raise Http404
    return export


def _see(export: Export) -> HttpResponse:
    response = redirect(export)
    response.status_code = 303
    return response
