"""Keeps columns and views of the log for a person. Every answer leads back to the log."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.log.columns import USUAL, known
from audit.log.filters import Filters
from audit.log.kept import MOST_VIEWS, begin_with, choose_columns, delete, owner_of, view_id, views_of
from audit.models import LogView
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import reader_required


@require_POST
@reader_required
def log_columns(request: HttpRequest) -> HttpResponse:
    """Choose columns: of one's own view that is shown, else for the whole log."""
    keys = USUAL if request.POST.get("usual") else request.POST.getlist("column")
    view = _own(request, view_id(request.POST.get("view", "")))
    if view is None:
        choose_columns(request, keys)
        return redirect(f"{reverse('log')}?{_query(request) or 'all=yes'}")
    LogView.objects.filter(pk=view.pk).update(columns=known(keys))
    view.query = _query(request)
    return redirect(view)


@require_POST
@reader_required
def log_views(request: HttpRequest) -> HttpResponse:
    """Keep what is asked for under a name."""
    name, query = _name(request), _query(request)
    if not name or LogView.objects.filter(owner_id=owner_of(request), deleted_at=None).count() >= MOST_VIEWS:
        messages.error(request, "A view needs a name." if not name else f"Nobody keeps more than {MOST_VIEWS} views.")
        return redirect(f"{reverse('log')}?{query or 'all=yes'}")
    person = identity_of(request).person
    view = LogView.objects.create(
        owner_id=owner_of(request),
        owner_name=person.name[:200] if person else request.user.get_username(),
        name=name,
        query=query,
        columns=known(request.POST.getlist("column")),
        shared=_shared(request),
    )
    messages.success(request, f"Kept as “{name}”.")
    return redirect(view)


@require_POST
@reader_required
def log_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change one's own view: its name, its filters, whether it is for everybody."""
    view = _own(request, pk)
    if view is None:
        raise Http404
    view.name, view.query = _name(request) or view.name, _query(request)
    view.shared, view.changed_at = _shared(request), timezone.now()
    view.save(update_fields=["name", "query", "shared", "changed_at"])
    messages.success(request, f"“{view.name}” is saved.")
    return redirect(view)


@require_POST
@reader_required
def delete_log_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one's own view; the log then says how to bring it back."""
    view = _own(request, pk)
    if view is None:
        raise Http404
    delete(view)
    return redirect(f"{reverse('log')}?all=yes&deleted={view.pk}")


@require_POST
@reader_required
def restore_log_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring one's own deleted view back."""
    view = get_object_or_404(LogView, pk=pk, owner_id=owner_of(request))
    LogView.objects.filter(pk=view.pk).update(deleted_at=None)
    return redirect(view)


@require_POST
@reader_required
def begin_with_log_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the log with this view from now on, or with everything again."""
    view = get_object_or_404(views_of(request), pk=pk)
    begin_with(request, view if request.POST.get("begin") == "yes" else None)
    return redirect(view)


def _own(request: HttpRequest, pk: UUID | None) -> LogView | None:
    return LogView.objects.filter(pk=pk, owner_id=owner_of(request), deleted_at=None).first() if pk else None


def _query(request: HttpRequest) -> str:
    """Nothing but filters that are understood."""
    filters = Filters.read(QueryDict(request.POST.get("query", "")[:4000]))
    return "" if filters.problems else filters.as_query()


def _name(request: HttpRequest) -> str:
    text = request.POST.get("name", "").replace("\x00", "").encode("utf-8", "ignore").decode()
    return " ".join(text.split())[:80]


def _shared(request: HttpRequest) -> bool:
    return is_studio_manager(request) and request.POST.get("shared") == "yes"
