"""Pages that stay where they are: each begins behind the last row of the one before, however many rows came meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

AT_ONCE, MOST = 50, 200
LONGEST_CURSOR = 200
OF_A_PAGE = ("cursor", "limit")

Row = TypeVar("Row")

PARAMETERS = [
    OpenApiParameter("cursor", {"type": "string", "maxLength": LONGEST_CURSOR}, description="From `next`."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": AT_ONCE}),
]


class Window(NamedTuple):
    """Which rows are asked for: `limit` of them, behind the place that `cursor` names; the first ones without it."""

    cursor: str
    limit: int


def window_of(request: Request) -> Window:
    """As the address says. Raises `ValidationError`."""
    return Window(request.query_params.get("cursor", ""), _limit(request.query_params.get("limit", str(AT_ONCE))))


def number(window: Window, beginning: int) -> int:
    """The cursor where it is a number. Raises `ValidationError`."""
    if not window.cursor:
        return beginning
    if not (window.cursor.isascii() and window.cursor.isdigit() and len(window.cursor) < 19):
        raise wrong_cursor()
    return int(window.cursor)


def wrong_cursor() -> ValidationError:
    """For one that we did not give."""
    return ValidationError({"cursor": "Take it as `next` gave it."})


def page(
    request: Request,
    rows: Sequence[Row],
    window: Window,
    shape: type[Serializer],
    place: Callable[[Row], object],
    **context: Any,
) -> Response:
    """Of `limit` + 1 rows all but the last, which only says that there are more; `context`: for their shape.

    One serializer shows them all: to make one takes longer than to show a row with it.
    """
    shown = rows[: window.limit]
    following = _next(request, str(place(shown[-1]))) if len(rows) > window.limit else None
    found = shape(shown, many=True, context={"request": request._request, **context}).data
    return Response({"results": found, "next": following})


def _next(request: Request, cursor: str) -> str:
    query = request._request.GET.copy()
    query["cursor"] = cursor
    return str(request._request.build_absolute_uri(f"{request._request.path}?{query.urlencode()}"))


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise ValidationError({"limit": f"A number from 1 to {MOST}."})
    return int(text)
