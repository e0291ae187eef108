"""A table of a record as a file: its events, lines, jobs, files, and the runs before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.access import visible_to
from audit.models import Invocation
from audit.record.parts import TITLES
from audit.record.tables import FORMS, TABLES, Columns
from audit.states import Happened
from audit.views.record import looked_into
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import reader_required


@never_cache
@require_GET
@reader_required
def record_table(request: HttpRequest, pk: UUID, part: str, form: str) -> StreamingHttpResponse:
    """For those who may look into the record; that it was taken is one of its events."""
    invocation = looked_into(request, pk)
    rows = TABLES[part].rows(invocation, visible_to(request))
    return handed_over(request, invocation, part, form, TABLES[part].columns, rows)


def handed_over(
    request: HttpRequest, invocation: Invocation, part: str, form: str, columns: Columns, rows: Iterable[Any]
) -> StreamingHttpResponse:
    """The file, row by row. Raises 404 for a form that there is not."""
    if form not in FORMS:
        raise Http404
    text = f"“{TITLES[part]}” was downloaded as {form.upper()}."
    invocation.event(Happened.EXPORTED, actor=identity_of(request).person, text=text).save()
    content_type, written = FORMS[form]
    response = StreamingHttpResponse(written(columns, rows), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{part}-{invocation.reference}.{form}"'
    return response
