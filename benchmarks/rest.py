"""What a page of the log and an accepted run cost by REST, beside bare DRF views that do the least, in the same run.

    DATABASE_URL=postgres://... CELERY_BROKER_URL=redis://... CACHE_URL=redis://... .venv/bin/python -m benchmarks.rest

The bare page reads the newest 50 rows of the same table and shows the same fields with a ModelSerializer; the bare run reads its
JSON, inserts one row and pushes one message onto Redis. Neither asks who calls, how often, or whether they may. All four are
called in this process, through the whole of Django with its middleware, in turns; the ratio is that of the medians. The log
has 10,000 invocations; nothing works on the queue. Wants a database of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

SLUG, TASKS, PAGE, ROWS = "benchmark-rest", 20, 50, 10_000


def main() -> None:
    """Make the rows, call each in turn, print milliseconds and ratios."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--calls", type=int, default=50, help="of each, in each round")
    arguments.add_argument("--rounds", type=int, default=7)
    chosen = arguments.parse_args()
    secret = prepare()
    pairs = calls(secret)
    print(f"{'':>6} {'bare':>9} {'bridge':>9} {'ratio':>7}")
    for name, (bare, bridge) in pairs.items():
        took: dict[str, list[float]] = {"bare": [], "bridge": []}
        for _ in range(chosen.rounds):
            for which, call in (("bare", bare), ("bridge", bridge)):
                took[which] += [milliseconds(call) for _ in range(chosen.calls)]
        least, ours = (statistics.median(found) for found in took.values())
        print(f"{name:>6} {least:>6.2f} ms {ours:>6.2f} ms {ours / least:>7.2f}", flush=True)


def prepare() -> str:
    """Migrate, add the bare views, fill the log, make an action and a token for everything; its secret."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
    os.environ.update(RATE_PER_PERSON="100000000/minute", RATE_PER_ADDRESS="100000000/minute", LOG_LEVEL="ERROR")
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import path

    from actions.models import Action
    from benchmarks.bare import make_table
    from kitsu_bridge import urls

    call_command("migrate", verbosity=0)
    make_table()
    Action.objects.update_or_create(slug=SLUG, defaults={"name": "Benchmark", "kind": "debug"})
    fill()
    page, run = bare_views()
    urls.urlpatterns += [path("bare-page/", page), path("bare-run/", run)]
    return a_secret()


def fill() -> None:
    """The log, with as many rows as are missing."""
    from audit.models import Invocation

    Invocation.objects.bulk_create(
        Invocation(door="form", state="succeeded", action_slug=SLUG, person_id=f"person-{number % 50}", message="Done.")
        for number in range(ROWS - Invocation.objects.count())
    )


def a_secret() -> str:
    """Of a bridge token of a studio manager's."""
    from django.utils import timezone

    from actions import tokens
    from actions.models import Token
    from kitsu_bridge.kitsu.studio import studio

    person = next(row for row in studio().people() if row["role"] == "admin")
    token = Token(name="Benchmark", person_id=person["id"], expires_at=timezone.now() + timedelta(days=1))
    return tokens.make(token, None).secret


def bare_views() -> tuple[Any, Any]:
    """The least of both."""
    from django.db import connection, transaction
    from rest_framework.decorators import api_view, authentication_classes
    from rest_framework.response import Response
    from rest_framework.serializers import ModelSerializer

    from actions.rest.shapes import InvocationShape
    from audit.models import Invocation
    from benchmarks.bare import _redis

    named = {field.source for field in InvocationShape().fields.values()} & {
        one.name for one in Invocation._meta.fields
    }

    class Row(ModelSerializer):
        class Meta:
            model, fields = Invocation, sorted(named)

    @api_view(["GET"])
    @authentication_classes(())
    def page(request: Any) -> Response:
        return Response({"results": Row(Invocation.objects.order_by("-received_at", "-id")[:PAGE], many=True).data})

    @api_view(["POST"])
    @authentication_classes(())
    def run(request: Any) -> Response:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (body, at) VALUES (%s, now()) RETURNING id", [str(request.data["tasks"])])
            (number,) = cursor.fetchone() or (0,)
        _redis.lpush("bare", str(number))
        return Response({"id": number}, 202)

    return page, run


def calls(secret: str) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Both of each pair, ready to be called; what does not answer well ends the run."""
    from django.test import Client

    client = Client(headers={"authorization": f"Bearer {secret}", "host": "localhost"})

    def get(path: str) -> Callable[[], Any]:
        return lambda: good(client.get(path))

    def post(path: str) -> Callable[[], Any]:
        return lambda: good(client.post(path, {"tasks": [str(uuid.uuid4()) for _ in range(TASKS)]}, "application/json"))

    return {
        "page": (get("/bare-page/"), get(f"/api/v1/invocations/?limit={PAGE}")),
        "run": (post("/bare-run/"), post(f"/api/v1/actions/{SLUG}/run/")),
    }


def good(answer: Any) -> None:
    """Raises for a call that was not answered as it should."""
    assert answer.status_code in {200, 202}, (answer.status_code, answer.content)


def milliseconds(work: Callable[[], Any]) -> float:
    """How long it took."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
