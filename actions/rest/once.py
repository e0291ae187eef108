"""`Idempotency-Key`: the same request again, with the same key, gets the first one's answer; nothing is done twice.

Kept for IDEMPOTENCY_HOURS, in the database, by token or person. What says only "not now" (401, 429, 503) is not kept: there a
program is to try again. A defect of ours (500) is kept: nobody knows how far it came.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from actions.doors.answers import PROBLEM_JSON
from actions.line.problems import Problem, refuse
from actions.models import KeptAnswer
from actions.rest.problems import answer_to, problem_answer
from actions.rest.proof import owner_of, proof_of

HEADER = "Idempotency-Key"
LONGEST = 255
PATIENCE = 10.0
"""Seconds that the second of two waits for the first one's answer; then it is told to come again."""

LOOK_EVERY = 0.05
HEADERS = ("Location", "ETag")
NOT_NOW = frozenset({401, 429, 503})

BROKEN = Problem(500, "crashed", "Something broke", "It is our fault. How far it came, the log says.", "Look there.")

View = Callable[..., Response]


def once(view: View) -> View:
    """What changes something, and takes the header."""

    @wraps(view)
    def asked(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return view(self, request, *args, **kwargs)
        row, new = _row(request, key)
        if not new:
            return _kept(row.pk)
        return _keep(row, lambda: view(self, request, *args, **kwargs), {"view": self})

    return asked


def _row(request: Request, key: str) -> tuple[KeptAnswer, bool]:
    """That of this key; made now, or there before. Raises `Refusal` where it was for something else."""
    if not key or len(key) > LONGEST or not key.isprintable():
        raise refuse(
            400, "idempotency_key", "This key cannot be used", f"It has 1 to {LONGEST} characters.", "Send a UUID."
        )
    mine, hashed = {"owner": owner_of(proof_of(request)), "key": key}, _asked(request)
    _too_old().filter(**mine).delete()
    row, new = KeptAnswer.objects.get_or_create(**mine, defaults={"asked": hashed})
    if row.asked != hashed:
        raise refuse(
            422, "idempotency_key", "This key was for something else",
            "Another request came with this Idempotency-Key before.", "Send each request with a key of its own.",
        )  # fmt: skip
    return row, new


def forget_answers() -> int:
    """Delete what has been kept long enough; for the sweeper."""
    return _too_old().delete()[0]


def _too_old() -> QuerySet[KeptAnswer]:
    return KeptAnswer.objects.filter(made_at__lt=timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS))


def _asked(request: Request) -> str:
    http = request._request
    said = f"{http.method} {http.get_full_path()}\n{http.headers.get('If-Match', '')}\n"
    return sha256(said.encode() + http.body).hexdigest()


def _keep(row: KeptAnswer, view: Callable[[], Response], context: dict[str, Any]) -> Response:
    try:
        answer = view()
    except Exception as error:
        answered = answer_to(error, context)
        _write(row, answered or problem_answer(BROKEN))
        if answered is None:
            raise
        return answered
    _write(row, answer)
    return answer


def _write(row: KeptAnswer, answer: Response) -> None:
    if answer.status_code in NOT_NOW:
        row.delete()
        return
    row.status = answer.status_code
    row.location, row.etag = (answer.headers.get(name, "") for name in HEADERS)
    row.content_type = answer.content_type or ""
    row.body = json.dumps(answer.data, cls=JSONEncoder, ensure_ascii=False)
    row.save()


def _kept(pk: int) -> Response:
    """The first one's answer. Raises `Refusal` while there is none, or where it is to be asked again."""
    until = time.monotonic() + PATIENCE
    while True:
        row = KeptAnswer.objects.filter(pk=pk).first()
        if row is not None and row.status is not None:
            return _as_it_was(row)
        if row is None or time.monotonic() > until:
            raise refuse(
                409, "on_its_way", "The first one has no answer yet", "A request with this key is still on its way.",
                "Send it again in a second; if that goes on, look into the log whether it came.", retry_after=1,
            )  # fmt: skip
        if not connection.in_atomic_block:
            connection.close()  # Back to the pool, for whoever works.
        time.sleep(LOOK_EVERY)


def _as_it_was(row: KeptAnswer) -> Response:
    headers = {name: value for name, value in zip(HEADERS, (row.location, row.etag), strict=True) if value}
    kind = {"content_type": row.content_type} if row.content_type == PROBLEM_JSON else {}
    return Response(json.loads(row.body), row.status, headers=headers, **kind)
