"""Figures by REST: the same reading and the same figures as on the pages, with their numbers raw."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from actions.figures import Figure, Row
from actions.figures.drawn import name_of
from actions.figures.scope import DATES, IDS
from actions.line.problems import refuse
from actions.rest.described import described
from actions.rest.problems import AGAIN, problem_answer
from actions.rest.proof import demand_unscoped
from actions.rest.resource import Resource
from actions.rest.shapes import AnObject, Shape
from actions.statistics.asked import Asked, asked_as, figure_of, session_of
from actions.statistics.counted import page_of, production_of
from actions.statistics.productions import Choice, choices
from actions.statistics.reading import Look

TAG = "Statistics"
FILTERS = tuple(name for name in (*IDS, *DATES) if name != "project_id")
PARAMETERS = [OpenApiParameter(name, {"type": "string", "maxLength": 64}) for name in FILTERS]


class ProductionShape(Shape):
    """A production that has figures for you."""

    id = s.CharField()
    name = s.CharField()
    led = s.BooleanField(help_text="You supervise or manage it.")
    url = s.SerializerMethodField()

    def get_url(self, choice: Choice) -> str:
        """Its figures."""
        return str(self.url("rest:figures", choice.id))


class FigureShape(s.Serializer):
    """One figure."""

    slug = s.CharField()
    title = s.CharField()
    help = s.CharField(allow_blank=True)
    unit = s.CharField(allow_blank=True)
    note = s.CharField(allow_blank=True)


class FiguresShape(s.Serializer):
    """Those of a production."""

    production_id = s.CharField()
    read_at = s.DateTimeField(help_text="When it was read from Kitsu.")
    figures = FigureShape(many=True)


class ColumnShape(s.Serializer):
    """A column of a figure."""

    key = s.CharField()
    label = s.CharField()
    kind = s.CharField()
    unit = s.CharField(allow_blank=True)


class RowShape(s.Serializer):
    """A row: raw values by column."""

    key = s.SerializerMethodField()
    label = s.CharField(allow_blank=True)
    values = AnObject()
    tasks = s.SerializerMethodField(help_text="How many tasks are behind it.")

    def get_key(self, row: Row) -> str:
        """An id, mostly."""
        return str(name_of(row))

    def get_tasks(self, row: Row) -> int:
        """Their number."""
        return len(row.task_ids)


class FigureDetail(FigureShape):
    """A figure with its table."""

    columns = ColumnShape(many=True)
    rows = RowShape(many=True)
    total = RowShape(allow_null=True)
    read_at = s.DateTimeField()


class StepShape(s.Serializer):
    """How far the reading is."""

    done = s.IntegerField()
    total = s.IntegerField()
    text = s.CharField()


class Productions(Resource):
    """The choice."""

    @described("Productions with figures for you", s.ListSerializer(child=ProductionShape()), more=[403, 502], tag=TAG)
    def get(self, request: Request) -> Response:
        """Those you lead first."""
        proof = self.proof
        held = _held_to(self)
        found = choices(session_of(proof.identity), proof.person)
        return Response(
            [ProductionShape(one, context=self.context).data for one in found if not held or one.id in held]
        )


class Figures(Resource):
    """The figures of one."""

    query = FILTERS

    @described(
        "The figures of a production",
        FiguresShape,
        others={202: StepShape},
        more=[403, 404],
        parameters=PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request, project_id: str) -> Response:
        """202 while it is being read from Kitsu: ask again after `Retry-After` seconds."""
        look = page_of(self.asked(project_id))
        if look.found is None:
            return _later(look)
        return Response(
            {
                "production_id": project_id,
                "read_at": look.found.read_at,
                "figures": [FigureShape(one).data for one in look.found.figures],
            }
        )

    def asked(self, project_id: str) -> Asked:
        """Raises 404 for a production that is not theirs to see, or that the token is not for."""
        held = _held_to(self)
        if held and project_id not in held:
            raise Http404
        return asked_as(self.proof.identity, {**self.request.query_params.dict(), "project_id": project_id})


class OneFigure(Figures):
    """One of them."""

    @described(
        "A figure with its table",
        FigureDetail,
        others={202: StepShape},
        more=[403, 404],
        parameters=PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request, project_id: str, figure: str) -> Response:
        """Numbers as they are counted, in the unit of their column."""
        asked = self.asked(project_id)
        look = production_of(asked)
        if look.found is None:
            return _later(look)
        return Response(_table(figure_of(asked, look.found, figure)) | {"read_at": look.found.read_at})


def _table(figure: Figure) -> dict[str, Any]:
    return {
        **FigureShape(figure).data,
        "columns": ColumnShape(figure.columns, many=True).data,
        "rows": RowShape(figure.rows, many=True).data,
        "total": RowShape(figure.total).data if figure.total else None,
    }


def _held_to(view: Resource) -> tuple[str, ...]:
    """The productions that the token is for; none means all. Raises `Refusal` for a token of some actions."""
    scope = view.proof.scope
    if scope is not None and scope.actions:
        demand_unscoped(view.proof)
    return scope.productions if scope is not None else ()


def _later(look: Look[Any]) -> Response:
    if look.trouble:
        raised = refuse(503, "figures", "There are no figures now", look.trouble, "Try again.", retry_after=AGAIN)
        return problem_answer(raised.problem)
    step = look.step
    data = {"done": step.done if step else 0, "total": step.total if step else 0, "text": step.text if step else ""}
    return Response(data, 202, headers={"Retry-After": "2"})
