"""Watches over one run: a sign of life every second, the wish to cancel, the time limit, and a claim that was lost."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from actions.contract import Cancelled
from audit.models import Invocation
from audit.states import Happened, State

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between two signs of life."""

PATIENCE = 5.0
"""Seconds that a handler has to notice by itself that it was cancelled."""

HARD_AFTER = 20.0
"""Seconds after the time limit at which a run that cannot be interrupted is given up."""


class TimeUp(BaseException):
    """The action's time limit is reached. Not an `Exception`, so that a handler's `except Exception` lets it pass."""


class ClaimLost(BaseException):
    """Somebody else ended this run or took it over: nothing more may be written for it."""


class Watch:
    """For the length of one run, a thread beside it. Within `interruptible()` it may raise in the thread of the run."""

    def __init__(self, invocation: Invocation, claim: UUID, limit: float) -> None:
        self.invocation, self.claim = invocation, claim
        self.cancelled = self.lost = False
        self.ends_at = time.monotonic() + limit
        self._cancelled_at = float("inf")
        self._runner = threading.get_ident()
        self._may_raise = False
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watch {invocation.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def mine(self) -> dict[str, object]:
        """What a row must fit for this run to write to it."""
        return {"claim": self.claim}

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """While the handler runs: `Cancelled`, `TimeUp` or `ClaimLost` may break in anywhere."""
        with self._lock:
            self._may_raise = True
        try:
            yield
        finally:
            with self._lock:
                self._may_raise = False
                _raise_in(self._runner, None)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """While something is written: nothing breaks in. Raises `ClaimLost` instead of writing for somebody else."""
        with self._lock:
            if self.lost:
                raise ClaimLost
            yield

    def _watch(self) -> None:
        try:
            while not self._over.wait(EVERY):
                self._look()
        finally:
            connection.close()

    def _look(self) -> None:
        try:
            self._give_sign()
        except DatabaseError as error:
            log.warning(
                "No sign of life could be given", invocation=str(self.invocation.pk), error=type(error).__name__
            )
        now = time.monotonic()
        if now > self.ends_at + HARD_AFTER:
            self._give_up()
        if self.lost:
            self._interrupt(ClaimLost)
        elif now > self.ends_at:
            self._interrupt(TimeUp)
        elif now > self._cancelled_at + PATIENCE:
            self._interrupt(Cancelled)

    def _give_sign(self) -> None:
        rows = Invocation.objects.filter(pk=self.invocation.pk, state=State.RUNNING, **self.mine)
        if not rows.update(heartbeat_at=timezone.now()):
            self.lost = True
        elif not self.cancelled and rows.filter(cancel_asked_at__isnull=False).exists():
            self.cancelled, self._cancelled_at = True, time.monotonic()

    def _give_up(self) -> None:
        """The run hangs in something that cannot be interrupted; its invocation ends all the same."""
        text = time_up(self.invocation)
        fresh = Invocation(pk=self.invocation.pk)
        event = fresh.event(Happened.FINISHED, text=text, state=State.FAILED)
        fresh.move(
            State.FAILED, when={State.RUNNING}, where=self.mine, event=event, reason=text, reason_code="time_limit"
        )
        self.lost = True

    def _interrupt(self, error: type[BaseException]) -> None:
        with self._lock:
            if self._may_raise:
                _raise_in(self._runner, error)


def time_up(invocation: Invocation) -> str:
    """The sentence for a run that took too long."""
    limit = int(invocation.definition["time_limit"])
    return (
        f"It took longer than the {limit:,} seconds that this action may take. "
        "Select fewer tasks, or ask your studio manager to raise the limit."
    )


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise in another thread at its next step in Python, or take back what was not raised yet (CPython's C API)."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)
