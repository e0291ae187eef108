"""Workers as Celery knows them, and draining one: it ends what it has and takes nothing new, until it is told to.

A drained worker that is started anew takes invocations again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from audit.models import Event, write_event
from audit.states import Happened
from kitsu_bridge.celery import app
from kitsu_bridge.kitsu.people import Person

PATIENCE = 1.0
"""Seconds in which workers answer; who does not is not there."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One that answered: its name, the queues that it takes from, and the ids of the invocations that it has."""

    name: str
    queues: tuple[str, ...]
    running: tuple[str, ...]

    @property
    def drained(self) -> bool:
        """Whether it takes nothing new."""
        return not self.queues


class QueueAway(Exception):
    """The broker does not answer, so no worker can be asked."""


def workers() -> list[Worker]:
    """Those that are up, by name. Raises `QueueAway`."""
    try:
        asked = app.control.inspect(timeout=PATIENCE)
        taking, busy = asked.active_queues() or {}, asked.active() or {}
    except Exception as error:
        raise QueueAway(f"The broker does not answer ({type(error).__name__}).") from error
    return [Worker(name, _names(taking[name]), _ids(busy.get(name, []))) for name in sorted(taking)]


def _names(queues: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted(queue["name"] for queue in queues))


def _ids(tasks: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Of the one Celery task that there is, called with the id alone."""
    return tuple(str(task["args"][0]) for task in tasks if task.get("args"))


def drain(worker: Worker, actor: Person | None) -> None:
    """Let it take nothing new. From which queues it took is written down, for `take_again`."""
    if worker.drained:
        return
    for queue in worker.queues:
        app.control.cancel_consumer(queue, destination=[worker.name])
    subject = subject_of(worker.name)
    write_event(Happened.WORKER_DRAINED, subject=subject, actor=actor, data={"queues": list(worker.queues)})


def take_again(worker: Worker, actor: Person | None) -> None:
    """Let it take from the queues that it took from before it was drained."""
    if not worker.drained:
        return
    for queue in _queues_before(worker.name):
        app.control.add_consumer(queue, destination=[worker.name])
    write_event(Happened.WORKER_RESUMED, subject=subject_of(worker.name), actor=actor)


def _queues_before(name: str) -> list[str]:
    drained = Event.objects.filter(subject=subject_of(name), what=Happened.WORKER_DRAINED).order_by("-id").first()
    known = drained.data.get("queues", []) if drained else []
    return [queue for queue in known if queue in settings.QUEUES] or list(settings.QUEUES)


def subject_of(name: str) -> str:
    """How events name a worker."""
    return f"worker:{name}"
