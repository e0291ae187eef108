"""What of the log is kept for somebody: chosen columns, views under a name, the one that they begin with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit.log.columns import known
from audit.models import LogHabit, LogView
from kitsu_bridge.kitsu.signin.identity import identity_of

MOST_VIEWS = 100
"""Of one person."""

UNDO = timedelta(days=1)
"""How long a deleted view can be brought back."""


def owner_of(request: HttpRequest) -> str:
    """Under what the person's things are kept."""
    person = identity_of(request).person
    return person.id if person is not None else f"user:{request.user.pk}"


def habit_of(request: HttpRequest) -> LogHabit:
    """How the person likes to look; not yet kept, when they never said."""
    owner = owner_of(request)
    return LogHabit.objects.select_related("default_view").filter(pk=owner).first() or LogHabit(owner_id=owner)


def views_of(request: HttpRequest) -> QuerySet[LogView]:
    """One's own, and those for everybody."""
    return LogView.objects.filter(Q(owner_id=owner_of(request)) | Q(shared=True), deleted_at=None)


def choose_columns(request: HttpRequest, keys: Collection[Any]) -> None:
    """From now on these."""
    LogHabit.objects.update_or_create(owner_id=owner_of(request), defaults={"columns": known(keys)})


def begin_with(request: HttpRequest, view: LogView | None) -> None:
    """From now on the log opens with this view, or with everything."""
    LogHabit.objects.update_or_create(owner_id=owner_of(request), defaults={"default_view": view})


def delete(view: LogView) -> None:
    """It can be brought back for a day."""
    now = timezone.now()
    LogView.objects.filter(deleted_at__lt=now - UNDO).delete()
    LogView.objects.filter(pk=view.pk).update(deleted_at=now)


def view_id(text: str) -> UUID | None:
    """An id as a URL carries it; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
