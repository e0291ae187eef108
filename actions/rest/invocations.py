"""Invocations by REST: the log with its filters, one of them, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from actions.rest.described import described, listed
from actions.rest.paging import OF_A_PAGE, Window, number, page, window_of, wrong_cursor
from actions.rest.resource import Resource
from actions.rest.shapes import EventShape, InvocationDetail, InvocationShape, LineShape, TaskShape
from audit.access import joined, may_see, sight_of_person
from audit.log.filters import NAMES, Filters
from audit.log.form import FiltersForm, Several
from audit.log.place import Place
from audit.log.walk import Walk
from audit.models import Invocation

TAG = "Invocations"


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    return OpenApiParameter(name, _type_of(field), description=f"{field.label}. {field.help_text}".strip())


def _type_of(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, Several):
        words = [str(key) for key, _ in cast("Iterable[tuple[str, str]]", field.choices) if key]
        return {"type": "array", "items": {"type": "string", "enum": words}}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    return {"type": "string", "maxLength": getattr(field, "max_length", None) or 200}


def _wrong_flags(request: Request) -> dict[str, str]:
    """A form takes any text of a ticked box for a yes; a program that sends another word means something else."""
    sent = request.query_params.getlist("mine")
    return {"mine": "true or false."} if not {"true", "false"}.issuperset(one.lower() for one in sent) else {}


FILTERS = [_parameter(name, field) for name, field in FiltersForm.base_fields.items()]


class Invocations(Resource):
    """The log, as far as you see it."""

    query = (*OF_A_PAGE, *NAMES)

    @listed("Invocations, newest first", "InvocationPage", InvocationShape, parameters=FILTERS, tag=TAG)
    def get(self, request: Request) -> Response:
        """All filters of the log; docs/log.md describes them. A page costs the same however long the log is."""
        window, person = window_of(request), self.proof.person
        filters = Filters.read(request._request.GET, me=person)
        if problems := dict(filters.problems) | _wrong_flags(request):
            raise ValidationError(problems)
        place = Place.read(window.cursor) if window.cursor else None
        if window.cursor and place is None:
            raise wrong_cursor()
        walk = Walk.through(sight_of_person(person), filters)
        if self.proof.scope is not None:
            walk = walk.within(self.proof.scope.condition())
        rows = walk.first(window.limit + 1, place)
        return page(request, rows, window, InvocationShape, Place.of)


class OfInvocation(Resource):
    """What belongs to one of them."""

    def invocation(self, *, to_act: bool = False) -> Invocation:
        """The one of the address. Raises 404 for what is not there, or not theirs to see, or `to_act` on."""
        pk: UUID = self.kwargs["pk"]
        found, proof = Invocation.objects.filter(pk=pk).first(), self.proof
        if found is None or not proof.may_read(found):
            raise Http404
        if may_see(proof.identity, found) or (not to_act and joined(proof.identity, found)):
            return found
        raise Http404


class OneInvocation(OfInvocation):
    """One of them."""

    @described("An invocation", InvocationDetail, more=[404], tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Ask again with the ETag as `If-None-Match`: 304 while nothing has changed."""
        return Response(InvocationDetail(self.invocation(), context=self.context).data)


class PageOf(OfInvocation):
    """Rows of one."""

    query = OF_A_PAGE

    def rows(self, rows: QuerySet[Any], window: Window, shape: Any, place: str) -> Response:
        """A page of them; the cursor is the place of the next one, so one that came late is not missed."""
        full = may_see(self.proof.identity, self.invocation())
        found = list(rows[: window.limit + 1])
        following = {row.pk: getattr(after, place) for row, after in pairwise(found)}
        return page(self.request, found, window, shape, lambda row: following[row.pk], full=full)


class TaskResults(PageOf):
    """What became of its tasks."""

    @listed("What became of each task", "TaskPage", TaskShape, more=[404], tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """In the order of the selection."""
        window = window_of(request)
        rows = self.invocation().results.filter(position__gte=number(window, 0)).order_by("position", "id")
        return self.rows(rows, window, TaskShape, "position")


class LogLines(PageOf):
    """What its handler wrote."""

    @listed("The lines of its log", "LinePage", LineShape, more=[404], tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """The oldest first."""
        window = window_of(request)
        rows = self.invocation().log_lines.filter(id__gte=number(window, 0)).order_by("id")
        return self.rows(rows, window, LineShape, "id")


class Events(PageOf):
    """What happened to it."""

    @listed("The events of an invocation", "EventPage", EventShape, more=[404], tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """The oldest first."""
        window = window_of(request)
        rows = self.invocation().events.filter(id__gte=number(window, 0)).order_by("id")
        return self.rows(rows, window, EventShape, "id")
