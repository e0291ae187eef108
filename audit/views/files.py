"""Files of an invocation, for those who may see its page."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audit.states import Happened
from audit.views.page import visible_or_404
from kitsu_bridge.kitsu.signin.identity import identity_of

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a page may show; a browser saves all else, so that no file can be a page of ours."""


@never_cache
@require_GET
def invocation_file(request: HttpRequest, pk: UUID, file_id: UUID) -> FileResponse:
    """One file: shown when it is a picture, else downloaded, which is recorded."""
    invocation = visible_or_404(request, pk)
    kept = get_object_or_404(invocation.files, pk=file_id)
    try:
        content = kept.path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    shown = kept.content_type in SHOWN and "download" not in request.GET
    if not shown:
        person = identity_of(request).person
        invocation.event(Happened.EXPORTED, actor=person, text=f"“{kept.name}” was downloaded.").save()
    kind = kept.content_type if kept.content_type in SHOWN else "application/octet-stream"
    return FileResponse(content, as_attachment=not shown, filename=kept.name, content_type=kind)
