"""Actions by REST: which there are for somebody, what they ask for, running them, and what they would do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from actions.gate import at_the_door, rate
from actions.line.problems import Problem, Refusal
from actions.line.programs import MOST_IDS, Ask, ask, refuse_unheard
from actions.models import Action
from actions.rest.bodies import Sent
from actions.rest.described import KEY, described, listed
from actions.rest.once import once
from actions.rest.paging import OF_A_PAGE, page, window_of, wrong_cursor
from actions.rest.problems import problem_answer
from actions.rest.resource import Resource
from actions.rest.shapes import ActionDetail, ActionShape, AnObject, InvocationDetail, PlanShape
from audit.models import Invocation
from audit.states import Door, State
from kitsu_bridge.address import address_of

PATIENCE = 5.0
"""Seconds that a preview waits for its plan; later, its invocation has it."""

LOOK_EVERY = 0.05
SLUG = OpenApiParameter("slug", {"type": "string", "pattern": "^[a-z0-9_-]+$"}, OpenApiParameter.PATH)


class Selected(Sent):
    """What to run it on, and with what."""

    tasks = s.ListField(child=s.UUIDField(), min_length=1, max_length=MOST_IDS, help_text="Ids of tasks.")
    parameters = AnObject(required=False, help_text="As the action’s schema says.")

    def validate_parameters(self, value: Any) -> dict[str, Any]:
        """An object."""
        if not isinstance(value, dict):
            raise s.ValidationError("An object, a value by parameter.")
        return value


class ToRun(Selected):
    """The same, with the yes to what the action asks of a person before it runs."""

    confirmed = s.BooleanField(
        required=False, default=False, help_text="Yes to what the action asks of a person before it runs."
    )


class Actions(Resource):
    """The list."""

    query = OF_A_PAGE

    @listed("Actions that you may run", "ActionPage", ActionShape, tag="Actions")
    def get(self, request: Request) -> Response:
        """In the order of their slugs. What the tasks themselves say is asked when one is run."""
        window = window_of(request)
        if len(window.cursor) > 80:
            raise wrong_cursor()
        found = self._runnable(window.cursor)
        rows = [row for row, _ in zip(found, range(window.limit + 1), strict=False)]
        return page(request, rows, window, ActionShape, lambda row: row.slug)

    def _runnable(self, after: str) -> Iterator[Action]:
        return (row for row in Action.objects.filter(slug__gt=after).order_by("slug") if may_run(self, row))


class OneAction(Resource):
    """One of them."""

    @described(
        "An action, with the JSON Schema of its parameters", ActionDetail, more=[404], parameters=[SLUG], tag="Actions"
    )
    def get(self, request: Request, slug: str) -> Response:
        """404 also for one that you may not run."""
        action = Action.objects.filter(slug=slug).first()
        if action is None or not may_run(self, action):
            raise Http404
        return Response(ActionDetail(action, context=self.context).data)


class Knocking(Resource):
    """Both ways of asking for a run. Who cannot prove who they are is recorded."""

    def handle_exception(self, exc: Exception) -> Response:
        """Also for who is unknown; as often as an address may call at all."""
        if self.request is not None and (problem := _unheard(exc)):
            address = address_of(self.request._request)
            over = rate(None, address)
            if not over:
                return problem_answer(over.problem)
            refuse_unheard(Ask(str(self.kwargs["slug"])), problem, Door.REST, address=address)
        answer: Response = super().handle_exception(exc)
        return answer

    def enter(self, slug: str, sent: dict[str, Any], **stage: bool) -> Invocation | Response:
        """The line. What is refused there is answered with the record's URL."""
        wish = Ask(slug, [str(one) for one in sent["tasks"]], sent.get("parameters", {}), **stage)
        entered = ask(wish, self.proof.who, Door.REST, address=self.address)
        if entered.problem is None:
            return entered.invocation
        where = ActionShape(context=self.context).url("rest:invocation", entered.invocation.pk)
        errors = {f"parameters.{name}": text for name, text in entered.fields.items()}
        return problem_answer(entered.problem, instance=where, errors=errors)


class Runs(Knocking):
    """Running one."""

    @described(
        "Run an action",
        InvocationDetail,
        status=202,
        body=ToRun,
        more=[400, 403, 404, 409],
        parameters=[SLUG, KEY],
        tag="Actions",
    )
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Accepted and recorded: where it stands is read at `Location`."""
        sent = read(ToRun, request)
        found = self.enter(slug, sent, confirmed=sent["confirmed"])
        return found if isinstance(found, Response) else accepted(self, found)


class Previews(Knocking):
    """What one would do."""

    @described(
        "Say what an action would do",
        PlanShape,
        body=Selected,
        others={202: InvocationDetail},
        more=[400, 403, 404, 409],
        parameters=[SLUG, KEY],
        tag="Actions",
    )
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Nothing is done. The invocation waits for a yes (`confirm`); 202 while the plan is not there yet."""
        found = self.enter(slug, read(Selected, request), only_plan=True)
        if isinstance(found, Response):
            return found
        _wait_for_the_plan(found)
        if found.state in {State.QUEUED, State.RUNNING}:
            return accepted(self, found)
        shape = PlanShape(found, context=self.context)
        return Response(shape.data, headers={"Location": shape.data["url"]})


def may_run(view: Resource, action: Action) -> bool:
    """Whether the gate would open at the door, for one task."""
    who = view.proof.who
    return bool(at_the_door(action.definition(), who.person, who.trust, 1, "", counted=False, scope=who.scope))


def read(shape: type[s.Serializer], request: Request) -> dict[str, Any]:
    """What was sent, understood. Raises `ValidationError`."""
    found = shape(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def accepted(view: Resource, invocation: Invocation) -> Response:
    """202, and where it is read."""
    data = InvocationDetail(invocation, context=view.context).data
    return Response(data, 202, headers={"Location": data["url"]})


def _unheard(error: Exception) -> Problem | None:
    """The problem of who did not prove who they are."""
    if isinstance(error, Refusal) and error.problem.status == 401:
        return error.problem
    if isinstance(error, NotAuthenticated):
        return Problem(401, "token", "Nobody knows who asks", "No token was sent.", "Send a token.")
    return None


def _wait_for_the_plan(invocation: Invocation) -> None:
    """Each look is one small query, and no connection is held meanwhile."""
    until = time.monotonic() + PATIENCE
    while invocation.state in {State.QUEUED, State.RUNNING} and time.monotonic() < until:
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(LOOK_EVERY)
        invocation.refresh_from_db()
