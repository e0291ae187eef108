"""What REST can do: the OpenAPI document, and the same as a page without a script."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from actions.rest.actions import Selected, ToRun
from actions.rest.acts import Again, Note, Yes
from actions.rest.resource import Resource

METHODS = ("get", "post", "patch", "delete")


class Schema(Resource):
    """The document. It says nothing of the studio, so anybody may read it."""

    permission_classes = ()
    authentication_classes = ()
    schema = None  # type: ignore[assignment]

    def get(self, request: Request) -> Response:
        """OpenAPI 3.1, as JSON."""
        return Response(document())


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """All operations, their parameters, bodies and answers; under the same strict policy as all pages."""
    return render(request, "rest/reference.html", {"groups": _groups(document())})


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Made from the views, once a process: nothing in it changes while one runs."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for shape in (Selected, ToRun, Yes, Again, Note):
        found["components"]["schemas"][shape.__name__]["additionalProperties"] = False
    return found


def _groups(found: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    rows = [
        _row(found, address, method, operations[method])
        for address, operations in found["paths"].items()
        for method in METHODS
        if method in operations
    ]
    rows.sort(key=lambda row: (ORDER.index(row["tag"]), row["address"]))
    return [(tag, list(group)) for tag, group in groupby(rows, key=lambda row: row["tag"])]


ORDER = ("Actions", "Invocations", "Statistics", "Registry")


def _row(found: dict[str, Any], address: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "tag": operation["tags"][0],
        "id": operation["operationId"],
        "address": address,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": _said(operation.get("description", "")),
        "parameters": [_parameter(one) for one in operation.get("parameters", ())],
        "body": _fields(found, _content(operation.get("requestBody", {}))),
        "answers": [_answer(found, status, one) for status, one in operation["responses"].items() if status < "4"],
        "problems": ", ".join(status for status in operation["responses"] if status >= "4"),
    }


def _said(text: str) -> SafeString:
    """With what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in parts))


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    about = one["schema"].get("items", one["schema"])
    words = [str(word) for word in about.get("enum", ())]
    said = _said(one.get("description", ""))
    return {**one, "where": one["in"], "type": about.get("type", ""), "words": words, "description": said}


def _answer(found: dict[str, Any], status: str, one: dict[str, Any]) -> dict[str, Any]:
    return {"status": status, "fields": _fields(found, _content(one))}


def _content(about: dict[str, Any]) -> dict[str, Any]:
    contents: list[dict[str, Any]] = list(about.get("content", {}).values())
    return dict(contents[0].get("schema", {})) if contents else {}


def _fields(found: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a field, those of a list's rows too."""
    schema = _resolved(found, schema)
    schema = _resolved(found, schema["items"]) if "items" in schema else schema
    rows = schema.get("properties", {})
    if "results" in rows:
        return _fields(found, rows["results"])
    required = set(schema.get("required", ()))
    return [{"name": name, "required": name in required, **_field(found, one)} for name, one in rows.items()]


def _field(found: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    about = _resolved(found, (one.get("allOf") or [one])[0])
    kind = about.get("format") or about.get("type", "")
    words = [str(word) for word in about.get("enum", ()) if word]
    text = one.get("description") or ""
    return {
        "type": kind if isinstance(kind, str) else " or ".join(kind),
        "help": "" if words and text.startswith("* ") else _said(text.partition("\n")[0]),
        "words": words,
    }


def _resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return found["components"]["schemas"][name] if name else schema
