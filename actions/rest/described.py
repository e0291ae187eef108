"""Words for the OpenAPI document that many addresses share: problems, pages, headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers as s

from actions.doors.answers import PROBLEM_JSON
from actions.rest.once import HEADER, LONGEST
from actions.rest.paging import PARAMETERS
from actions.rest.shapes import ProblemShape

USUAL = (401, 406, 413, 422, 429, 503)
SENT = (400, 415)
KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="The same request with the same key is done once; for a day, unless the studio keeps it longer.",
)


def described(
    summary: str,
    answer: Any = None,
    *,
    status: int = 200,
    body: Any = None,
    more: Sequence[int] = (),
    others: dict[Any, Any] | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    tag: str = "",
    media: str = "",
    **rest: Any,
) -> Callable[[Any], Any]:
    """One operation: what it answers where all is well (`answer`, `status`), and which problems besides the usual ones."""
    problems = {*USUAL, *more, *(SENT if body is not None else ())}
    responses: dict[Any, Any] = {
        (one, PROBLEM_JSON): OpenApiResponse(ProblemShape, "Problem") for one in sorted(problems)
    }
    return extend_schema(
        operation_id=re.sub(r"\W+", "_", summary.lower()),
        summary=summary,
        request=body,
        responses={(status, media) if media else status: answer, **(others or {}), **responses},
        parameters=list(parameters),
        tags=[tag] if tag else None,
        **rest,
    )


def page_of(name: str, shape: type[s.Serializer]) -> Any:
    """A page of these."""
    return inline_serializer(name, {"results": shape(many=True), "next": s.CharField(allow_null=True)})


def listed(summary: str, name: str, shape: type[s.Serializer], **more: Any) -> Callable[[Any], Any]:
    """An operation that answers pages."""
    parameters = [*PARAMETERS, *more.pop("parameters", ())]
    return described(summary, page_of(name, shape), parameters=parameters, **more)
