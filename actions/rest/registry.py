"""The registry by REST, for studio managers: actions as they are set up, by the same rules and history as in the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from actions.history import delete_action, save_action
from actions.line.problems import refuse
from actions.models import DEFINITION, Action
from actions.registry_file.writing import secrets_of, without_secrets
from actions.rest.actions import SLUG
from actions.rest.described import KEY, described, listed
from actions.rest.once import once
from actions.rest.paging import OF_A_PAGE, page, window_of, wrong_cursor
from actions.rest.proof import StudioManager
from actions.rest.resource import Resource
from actions.rest.shapes import AnObject, Shape, Texts

TAG = "Registry"
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that was read, or `*`.",
)


class Definition(s.Serializer):
    """An action as it is set up; docs/kinds.md says what the options of each kind are."""

    name = s.CharField(max_length=80)
    slug = s.CharField(max_length=80)
    kind = s.CharField(max_length=80)
    options = AnObject(required=False, help_text="Without secrets: one that is not sent stays as it is.")
    values = AnObject(required=False)
    fixed = Texts(required=False)
    description = s.CharField(required=False, allow_blank=True)
    enabled = s.BooleanField(required=False)
    order = s.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    background = s.BooleanField(required=False)
    entity_types = Texts(required=False)
    roles = Texts(required=False)
    projects = Texts(required=False)
    departments = Texts(required=False)
    trust = s.ChoiceField(["proven", "claimed"], required=False)
    largest_selection = s.IntegerField(required=False, min_value=1, max_value=20_000)
    confirm_first = s.BooleanField(required=False)
    type_count_above = s.IntegerField(required=False, min_value=0, max_value=20_000)
    approvers = Texts(required=False)
    approver_ids = Texts(required=False)
    approvals_needed = s.IntegerField(required=False, min_value=1, max_value=20)
    approval_hours = s.IntegerField(required=False, min_value=1, max_value=720)
    queue = s.CharField(required=False, allow_blank=True, max_length=80)
    time_limit = s.IntegerField(required=False, min_value=1, max_value=86_400)
    worker_lost = s.ChoiceField(Action.WorkerLost.choices, required=False)
    double_click_window = s.IntegerField(required=False, min_value=0, max_value=3600)
    concurrency = s.ChoiceField(Action.Concurrency.choices, required=False)
    concurrency_scope = s.ChoiceField(Action.Scope.choices, required=False)
    tell_with = s.CharField(required=False, allow_blank=True, max_length=80)
    tell_when = s.ChoiceField(Action.TellWhen.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Nothing that is not known, and JSON of the right sort."""
        strange = set(self.initial_data) - set(DEFINITION)
        wrong = dict.fromkeys(strange, "An action has no such field.")
        wrong |= {name: "An object." for name in ("options", "values") if not isinstance(attrs.get(name, {}), dict)}
        wrong |= {name: "A list of texts." for name in LISTS if not _texts(attrs.get(name, []))}
        if wrong:
            raise s.ValidationError(wrong)
        return attrs


LISTS = tuple(name for name, field in Definition().fields.items() if isinstance(field, Texts))


class Registered(Definition, Shape):
    """The same as it stands."""

    version = s.IntegerField(read_only=True)
    url = s.SerializerMethodField()

    def get_url(self, action: Action) -> str:
        """Where it is read and changed."""
        return str(self.url("rest:registered", action.slug))

    def to_representation(self, instance: Action) -> dict[str, Any]:
        """Secrets stay in the registry."""
        found: dict[str, Any] = super().to_representation(instance)
        return found | {"options": without_secrets(instance.kind, instance.options)}


class RegisteredActions(Resource):
    """All of them, for studio managers."""

    permission_classes = (StudioManager,)
    query = OF_A_PAGE

    @listed("All actions as they are set up", "RegisteredPage", Registered, more=[403], tag=TAG)
    def get(self, request: Request) -> Response:
        """In the order of their slugs."""
        window = window_of(request)
        if len(window.cursor) > 80:
            raise wrong_cursor()
        rows = list(Action.objects.filter(slug__gt=window.cursor).order_by("slug")[: window.limit + 1])
        return page(request, rows, window, Registered, lambda row: row.slug)

    @described("Make an action", Registered, status=201, body=Definition, more=[403, 409], parameters=[KEY], tag=TAG)
    @once
    def post(self, request: Request) -> Response:
        """By the same rules as in the admin; recorded."""
        action = _changed(Action(), _read(request, partial=False))
        return _saved(self, action, 201)


class RegisteredAction(Resource):
    """One of them."""

    permission_classes = (StudioManager,)

    @described("An action as it is set up", Registered, more=[403, 404], parameters=[SLUG], tag=TAG)
    def get(self, request: Request, slug: str) -> Response:
        """Its ETag is what a change asks for."""
        return self.shown(_find(slug))

    @described(
        "Change an action",
        Registered,
        body=Definition(partial=True),
        more=[400, 403, 404, 409, 412, 428],
        parameters=[SLUG, IF_MATCH, KEY],
        tag=TAG,
    )
    @once
    def patch(self, request: Request, slug: str) -> Response:
        """What is sent counts, everything else stays."""
        sent = _read(request, partial=True)
        with transaction.atomic():
            return _saved(self, _changed(_matched(request, slug), sent))

    @described(
        "Delete an action",
        None,
        status=204,
        more=[400, 403, 404, 409, 412, 428],
        parameters=[SLUG, IF_MATCH, KEY],
        tag=TAG,
    )
    @once
    def delete(self, request: Request, slug: str) -> Response:
        """Its invocations and its history stay."""
        with transaction.atomic():
            delete_action(_matched(request, slug), self.proof.person)
        return Response(status=204)

    def shown(self, action: Action, status: int = 200) -> Response:
        """With its ETag."""
        return _answer(self, action, status)


def demand_match(request: Request, etag: str, *, needed: bool) -> None:
    """Raises `Refusal`: 412 where what the program read stands no more, 428 where it does not say what it read."""
    said = request.headers.get("If-Match", "")
    if not said and needed:
        raise refuse(
            428, "if_match", "Say what you have read", "A change names the ETag of what it changes.",
            "Read it, and send its ETag as If-Match.",
        )  # fmt: skip
    if said and said.strip() != "*" and etag not in {one.strip() for one in said.split(",")}:
        raise refuse(412, "changed", "Somebody changed it meanwhile", "The ETag is another one now.", "Read it again.")


def etag_of(action: Action) -> str:
    """Changes with its definition."""
    return f'"{action.pk}.{action.version}"'


def _matched(request: Request, slug: str) -> Action:
    """The action, locked. Raises as `demand_match` and `_find` do."""
    action = _find(slug, locked=True)
    demand_match(request, etag_of(action), needed=True)
    return action


def _find(slug: str, *, locked: bool = False) -> Action:
    rows = Action.objects.select_for_update() if locked else Action.objects
    action = rows.filter(slug=slug).first()
    if action is None:
        raise Http404
    return action


def _read(request: Request, *, partial: bool) -> dict[str, Any]:
    if not isinstance(request.data, dict):
        raise exceptions.ValidationError({"body": "An object, a value by field."})
    found = Definition(data=request.data, partial=partial)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def _changed(action: Action, sent: dict[str, Any]) -> Action:
    """With what was sent. Secrets that were not sent stay, as long as the kind does. Raises `ValidationError`."""
    kept = {name: value for name, value in action.options.items() if name in secrets_of(action.kind)}
    stays = sent.get("kind", action.kind) == action.kind
    if "options" in sent and stays:
        sent = sent | {"options": kept | sent["options"]}
    for name, value in sent.items():
        setattr(action, name, value)
    try:
        action.full_clean()
    except ValidationError as error:
        raise exceptions.ValidationError(error.message_dict) from None
    return action


def _saved(view: Resource, action: Action, status: int = 200) -> Response:
    save_action(action, view.proof.person)
    return _answer(view, action, status)


def _answer(view: Resource, action: Action, status: int) -> Response:
    data = Registered(action, context=view.context).data
    headers = {"ETag": etag_of(action)} | ({"Location": data["url"]} if status == 201 else {})
    return Response(data, status, headers=headers)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
