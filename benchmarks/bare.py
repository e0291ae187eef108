"""The least that an accepting view can do, beside the bridge in one WSGI application: for `accept.py` only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import redis
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from kitsu_bridge.wsgi import application as bridge

_redis = redis.Redis.from_url(os.environ["CELERY_BROKER_URL"])


def make_table() -> None:
    """The table of the bare view's one row."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body text, at timestamptz)")


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Read the form, insert a row, push a message."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (body, at) VALUES (%s, now()) RETURNING id", [request.POST["selection"]])
        (number,) = cursor.fetchone() or (0,)
    _redis.lpush("bare", str(number))
    return HttpResponse(status=200)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The bridge, with one more path."""
    return bridge(environ, start_response)


from kitsu_bridge import urls  # noqa: E402

urls.urlpatterns.append(path("bare/", bare))
