"""The whole registry by REST, as the YAML file that is kept in git: written, compared, brought in."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from actions.line.problems import refuse
from actions.models import Action
from actions.registry_file.planning import Change, Plan, apply, plan
from actions.registry_file.sections import SECTIONS
from actions.registry_file.writing import file_of_registry, without_secrets
from actions.rest.bodies import YAML, YamlFile, YamlText
from actions.rest.described import KEY, described
from actions.rest.once import once
from actions.rest.proof import StudioManager
from actions.rest.registry import TAG, demand_match
from actions.rest.resource import Resource
from actions.rest.shapes import AnObject

DELETE = OpenApiParameter(
    "delete", {"type": "boolean", "default": False}, description="What is not in the file goes, of its sections."
)
IF_MATCH = OpenApiParameter(
    "If-Match", {"type": "string"}, OpenApiParameter.HEADER, description="The ETag of the file that was compared with."
)


class ChangeShape(s.Serializer):
    """What becomes of one action, schedule or rule; `slug` is the name of those that have none."""

    section = s.ChoiceField(["actions", "schedules", "rules"])
    slug = s.CharField()
    does = s.ChoiceField(["create", "change", "delete", "leave"])
    before = AnObject(help_text="Of the fields that change.")
    after = AnObject()
    wrong = s.ListField(child=s.CharField(allow_blank=True))


class PlanOfFile(s.Serializer):
    """What bringing a file in does."""

    differs = s.BooleanField()
    wrong = s.ListField(child=s.CharField(allow_blank=True), help_text="What keeps it from being brought in.")
    changes = ChangeShape(many=True)


class RegistryFile(Resource):
    """As it stands."""

    permission_classes = (StudioManager,)
    renderer_classes = (YamlFile, JSONRenderer)

    @described(
        "The registry as a file",
        OpenApiTypes.OBJECT,
        media=YAML,
        more=[403],
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        """Without secrets. Productions, departments and people stand there by name."""
        text = file_of_registry()
        return Response(text, headers={"ETag": _etag()}, content_type=f"{YAML}; charset=utf-8")


class PlanFile(Resource):
    """Compare."""

    permission_classes = (StudioManager,)
    parser_classes = (YamlText,)

    @described(
        "Compare a file with the registry",
        PlanOfFile,
        body={YAML: OpenApiTypes.STR},
        more=[403, 409],
        parameters=[DELETE, KEY],
        tag=TAG,
    )
    @once
    def post(self, request: Request) -> Response:
        """Nothing is changed."""
        return Response(_shown(plan(_text(request), delete=_deletes(request))), headers={"ETag": _etag()})


class ApplyFile(PlanFile):
    """Bring in."""

    @described(
        "Bring a file into the registry",
        PlanOfFile,
        body={YAML: OpenApiTypes.STR},
        more=[403, 409, 412],
        parameters=[DELETE, IF_MATCH, KEY],
        tag=TAG,
    )
    @once
    def post(self, request: Request) -> Response:
        """All of it, or nothing."""
        text, deletes = _text(request), _deletes(request)
        with transaction.atomic():
            list(Action.objects.select_for_update().order_by("pk"))
            demand_match(request, _etag(), needed=False)
            return Response(_shown(apply(text, self.proof.person, delete=deletes)))


def _etag() -> str:
    """Changes with every change of an action, a schedule or a rule."""
    rows = [[section.said(row) for row in section.rows().values()] for section in SECTIONS]
    return f'"{sha256(repr(rows).encode()).hexdigest()[:32]}"'


def _text(request: Request) -> str:
    if not isinstance(request.data, str):
        raise refuse(422, "invalid", "There is no file", "The body is empty.", "Send the file.")
    return request.data


def _deletes(request: Request) -> bool:
    said = request.query_params.get("delete", "false").lower()
    strange = set(request.query_params) - {"delete"}
    if said not in {"true", "false"} or strange:
        raise ValidationError(dict.fromkeys(strange, "There is no such parameter.") or {"delete": "true or false."})
    return bool(said == "true")


def _shown(found: Plan) -> dict[str, Any]:
    return {"differs": found.differs, "wrong": found.wrong, "changes": [_change(one) for one in found.changes]}


def _change(one: Change) -> dict[str, Any]:
    return {
        "section": one.section.name,
        "slug": one.key,
        "does": one.does,
        "before": {name: _value(one, name, old) for name, (old, _) in one.fields.items()},
        "after": {name: _value(one, name, new) for name, (_, new) in one.fields.items()},
        "wrong": list(one.wrong),
    }


def _value(one: Change, name: str, value: Any) -> Any:
    return without_secrets(str(one.row.kind), value) if name == "options" and isinstance(value, dict) else value
