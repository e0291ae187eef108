"""What REST shows of actions and invocations: the shapes of its answers, from which the schema is made too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from actions.kinds.schema import json_schema
from actions.models import Action
from actions.parameters.asked import asked_of
from audit.models import Event, Invocation, LogLine, TaskResult
from audit.states import Door, Happened, State, Trust, WaitingFor

JSON = {"type": "object", "additionalProperties": True}
ANYTHING: dict[str, Any] = {}


@extend_schema_field(JSON)
class AnObject(s.JSONField):
    """A JSON object."""


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Texts(s.JSONField):
    """A list of texts."""


def address(request: HttpRequest, name: str, *args: object) -> str:
    """The address of something, as whoever asks reaches us."""
    return request.build_absolute_uri(reverse(name, args=args))


class Shape(s.Serializer):
    """An answer; `request` stands in its context."""

    def url(self, name: str, *args: object) -> str:
        """An address, as the program reaches us."""
        return address(self.context["request"], name, *args)


class ActionShape(Shape):
    """An action as one of a list."""

    slug = s.CharField()
    name = s.CharField()
    kind = s.CharField()
    description = s.CharField(allow_blank=True)
    entity_types = Texts(help_text="For which tasks it is; none means all.")
    largest_selection = s.IntegerField(help_text="Tasks of one run.")
    confirm_first = s.BooleanField(help_text="It asks before it runs: send `confirmed`, or confirm what it plans.")
    version = s.IntegerField()
    url = s.SerializerMethodField()

    def get_url(self, action: Action) -> str:
        """Where it is read."""
        return str(self.url("rest:action", action.slug))


class ActionDetail(ActionShape):
    """An action with what it asks for."""

    parameters = s.SerializerMethodField(help_text="JSON Schema, draft 2020-12.")

    @extend_schema_field(JSON)
    def get_parameters(self, action: Action) -> dict[str, Any]:
        """Of the parameters that may be sent."""
        definition = action.definition()
        schema = json_schema(asked_of(definition))
        begin = definition["values"]
        for name in schema["properties"].keys() & begin.keys():
            schema["properties"][name]["default"] = begin[name]
        schema["required"] = [name for name in schema["required"] if name not in begin]
        return schema


class PersonShape(s.Serializer):
    """Who asked."""

    id = s.CharField(source="person_id", allow_blank=True)
    name = s.CharField(source="person_name", allow_blank=True)


class InvocationShape(Shape):
    """An invocation as one of a list."""

    id = s.UUIDField()
    url = s.SerializerMethodField()
    page = s.SerializerMethodField(help_text="For people.")
    action = s.CharField(source="action_slug", allow_blank=True)
    name = s.CharField(source="action_name", allow_blank=True)
    kind = s.CharField(allow_blank=True)
    door = s.ChoiceField(Door.choices)
    state = s.ChoiceField(State.choices)
    waiting_for = s.ChoiceField(WaitingFor.choices, allow_blank=True)
    reason = s.CharField(allow_blank=True, help_text="Why it waits, was refused, failed or crashed.")
    reason_code = s.CharField(allow_blank=True)
    message = s.CharField(allow_blank=True, help_text="What came of it, in one line.")
    person = PersonShape(source="*")
    trust = s.ChoiceField(Trust.choices, allow_blank=True)
    production_ids = Texts(source="project_ids")
    productions = Texts(source="project_names", help_text="Their names.")
    task_count = s.IntegerField()
    done_count = s.IntegerField()
    total_count = s.IntegerField()
    received_at = s.DateTimeField()
    queued_at = s.DateTimeField(allow_null=True)
    started_at = s.DateTimeField(allow_null=True)
    finished_at = s.DateTimeField(allow_null=True)
    planned_at = s.DateTimeField(allow_null=True, help_text="When it was said what it will do; see its tasks.")
    expires_at = s.DateTimeField(allow_null=True)
    rerun_of = s.UUIDField(source="rerun_of_id", allow_null=True)

    def get_url(self, invocation: Invocation) -> str:
        """Where it is read."""
        return str(self.url("rest:invocation", invocation.pk))

    def get_page(self, invocation: Invocation) -> str:
        """Where people see it."""
        return str(self.url("invocation", invocation.pk))


class InvocationDetail(InvocationShape):
    """An invocation with what it was given, and what came of it."""

    task_ids = Texts()
    parameters = AnObject()
    outcome = AnObject()
    version = s.IntegerField(help_text="Of the action's definition.")
    retry = s.BooleanField(help_text="Only of what the one before has not done.")


class TaskShape(s.Serializer):
    """What became of one task; before a run that asks, what will."""

    task_id = s.CharField()
    name = s.CharField(allow_blank=True)
    state = s.ChoiceField(TaskResult.State.choices)
    message = s.CharField(allow_blank=True)
    data = AnObject()
    at = s.DateTimeField()


class LineShape(s.Serializer):
    """A line of its log."""

    at = s.DateTimeField()
    level = s.ChoiceField(LogLine.Level.choices)
    text = s.CharField(allow_blank=True)


class EventShape(s.Serializer):
    """Something that happened to it."""

    id = s.IntegerField()
    what = s.ChoiceField(Happened.choices)
    at = s.DateTimeField()
    by = s.CharField(source="actor_name", allow_blank=True)
    text = s.CharField(allow_blank=True)
    data = s.SerializerMethodField()

    @extend_schema_field(JSON)
    def get_data(self, event: Event) -> Mapping[str, Any]:
        """What else is known; for whoever joined it, nothing."""
        return event.data if self.context.get("full") else {}


class PlanShape(InvocationDetail):
    """What it would do: the invocation, which waits for a yes, and its first steps."""

    steps = s.SerializerMethodField(help_text="The first 200; all of them stand among its tasks.")

    @extend_schema_field(TaskShape(many=True))
    def get_steps(self, invocation: Invocation) -> Any:
        """In the order of the selection."""
        return TaskShape(invocation.results.all()[:200], many=True).data


class ProblemShape(s.Serializer):
    """What went wrong (RFC 9457)."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField(required=False)
    cure = s.CharField(required=False, help_text="What to do.")
    code = s.CharField(required=False)
    instance = s.CharField(required=False, help_text="The record of the call.")
    errors = s.DictField(child=s.CharField(), required=False, help_text="A sentence by field.")
    arrived = AnObject(required=False)
    understood = AnObject(required=False)
