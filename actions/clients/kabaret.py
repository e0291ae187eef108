"""Running sessions of Kabaret, told through its Redis what to open; the plugin of deploy/kabaret hears it and answers.

Only messages are sent. Kabaret keeps a studio's data in the same Redis, and nothing of that is read or written.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry

from actions.contract import ActionError

ASKING, ANSWERING = "kitsu_bridge", "kitsu_bridge_ack"
"""Channels, below the cluster's own prefix as Kabaret does it (kabaret/app/actors/cluster.py in 2.4.1)."""

SCHEMES = ("redis://", "rediss://", "unix://")
CONNECT, READ = 3, 10
LARGEST = 10_000
"""Bytes of an answer; a longer one is nobody's of ours."""


class Unopened(ActionError):
    """Nothing was opened, but the link may still open it: nobody was there, or Redis was not."""


class Refused(ActionError):
    """A session says that there is nothing to open, so that no link would open it either."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`oid` now shows in `session`, such as `jane:kabaret-4711@ws12`."""

    oid: str
    session: str


def checked_address(url: str) -> str:
    """The address of a Redis. Raises `ActionError`, which never repeats it: a password may stand in it."""
    if not url.startswith(SCHEMES) or any(one.isspace() for one in url):
        raise ActionError(f"The address of Kabaret's Redis begins with one of {', '.join(SCHEMES)} and has no spaces.")
    return url


class Line:
    """A connection on which sessions are asked, one request after another."""

    def __init__(self, redis: Redis, answers: PubSub, cluster: str, wait: float) -> None:
        self._redis, self._answers, self._cluster, self._wait = redis, answers, cluster, wait

    def open(self, oid: str, user: str, view: str) -> Opened:
        """Have that user's session show an oid in its `current` or a `new` view. Raises `Unopened` and `Refused`."""
        request = str(uuid4())
        asked = {"oid": oid, "user": user, "view": view, "request": request}
        with _words():
            listeners = int(self._redis.publish(f"{self._cluster}:{ASKING}", json.dumps(asked)))
            if not listeners:
                raise Unopened(f"No session of Kabaret is running in the cluster {self._cluster}.")
            answer = self._answer_to(request)
        if answer is None:
            raise Unopened(
                f"Kabaret is running in {listeners} session{'' if listeners == 1 else 's'}, but none of {user} answered "
                f"within {self._wait:g} s. It is not open there, is busy, or {user} is another name than the computer's."
            )
        return _opened(answer, oid)

    def _answer_to(self, request: str) -> dict[str, Any] | None:
        end = time.monotonic() + self._wait
        while (left := end - time.monotonic()) > 0:
            message = self._answers.get_message(ignore_subscribe_messages=True, timeout=left)
            answer = _read(message["data"]) if message else None
            if answer and answer.get("request") == request:
                return answer
        return None


@contextmanager
def line(url: str, cluster: str, wait: float) -> Iterator[Line]:
    """A line to a cluster, whose sessions have `wait` seconds for each answer. Raises `Unopened` when Redis does not hear."""
    with _words():
        redis = Redis.from_url(
            url,
            socket_connect_timeout=CONNECT,
            socket_timeout=READ,
            retry=Retry(NoBackoff(), 0),
            decode_responses=False,
        )
    answers = redis.pubsub()  # type: ignore[no-untyped-call]
    try:
        with _words():
            answers.subscribe(f"{cluster}:{ANSWERING}")
            if answers.get_message(timeout=CONNECT) is None:  # An answer before the subscription stands is lost.
                raise Unopened("Kabaret's Redis does not answer.")
        yield Line(redis, answers, cluster, wait)
    finally:
        answers.close()
        redis.close()


@contextmanager
def _words() -> Iterator[None]:
    """Troubles of Redis without their own words, in which an address with a password may stand."""
    try:
        yield
    except RedisError as error:
        raise Unopened(f"Kabaret's Redis cannot be reached or refuses ({type(error).__name__}).") from None
    except (OSError, ValueError) as error:
        raise Unopened(f"The address of Kabaret's Redis leads nowhere ({type(error).__name__}).") from None


def _read(data: object) -> dict[str, Any] | None:
    """An answer; nothing for what is none."""
    if not isinstance(data, bytes) or len(data) > LARGEST:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _opened(answer: dict[str, Any], oid: str) -> Opened:
    session = str(answer.get("session", ""))[:200]
    if answer.get("ok") is True:
        return Opened(str(answer.get("oid") or oid)[:1000], session)
    raise Refused(f"Kabaret ({session}): {str(answer.get('reason') or 'it refuses, without a reason.')[:300]}")
