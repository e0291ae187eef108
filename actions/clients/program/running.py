"""One program, from its start to its end, seen from the worker."""

from __future__ import annotations

import json
import math
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from actions.contract import ActionError

KEEPER = Path(__file__).with_name("keeper.py")

GRACE = 5.0
"""Seconds that a program has to end by itself when it is asked to."""

LOOK_EVERY = 0.1
"""Seconds between two looks at whether to stop."""

AT_ONCE = 64 * 1024

STRAGGLING = 1.0
"""Seconds after its end in which a program's output is still heard, where something that it left running holds it open."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is started: each argument is given as it is, no shell reads them. `seconds`: how long it may take."""

    argv: tuple[str, ...]
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended: `code` is the exit code, or minus the number of the signal that ended it. `slow`: it was ended by us."""

    code: int
    seconds: float
    slow: bool = False

    @property
    def words(self) -> str:
        """A sentence for a person."""
        if self.slow:
            return f"It took longer than {self.seconds:,.0f} s and was ended."
        if self.code < 0:
            return f"It was ended by {_signal_name(-self.code)} after {self.seconds:,.1f} s."
        return f"It ended with exit code {self.code} after {self.seconds:,.1f} s."


def run(job: Job, hear: Callable[[bytes], None], stop: Callable[[], None]) -> Ended:
    """Start it and wait for its end; `hear` gets what it writes, `stop` is called often and may raise.

    However this function is left, the program and what it started are ended. Raises `ActionError` when it cannot be started.
    """
    began = time.monotonic()
    with _kept(job) as (keeper, status):
        slow = not _heard_out(keeper, began + job.seconds, hear, stop)
        seconds = time.monotonic() - began
        if slow:
            return Ended(-signal.SIGKILL, seconds, slow=True)
        found = json.loads(status.read() or "{}")
    if "exit" not in found:
        raise ActionError(f"{job.argv[0]} cannot be started: {found.get('error', 'its keeper was ended')}.")
    return Ended(found["exit"], seconds)


@contextmanager
def _kept(job: Job) -> Iterator[tuple[subprocess.Popen[bytes], IO[str]]]:
    """The keeper with the program in it, and what it tells at the end. Leaving cuts the life line."""
    life_line, ours = os.pipe()
    told, status = os.pipe()
    with (
        os.fdopen(told) as status_file,
        tempfile.TemporaryFile() as stdin,
        os.fdopen(ours, "wb", buffering=0) as line,
    ):
        stdin.write(job.stdin)
        stdin.seek(0)
        try:
            keeper = _started(job, life_line, status, stdin)
        finally:
            os.close(life_line)
            os.close(status)
        try:
            yield keeper, status_file
        finally:
            line.close()
            _awaited(keeper)


def _started(job: Job, life_line: int, status: int, stdin: IO[bytes]) -> subprocess.Popen[bytes]:
    told = (life_line, status, GRACE, ",".join(job.environment))
    keeper = [sys.executable, "-I", "-S", str(KEEPER), *map(str, told)]
    try:
        return subprocess.Popen(  # noqa: S603 - the program is from the studio's list
            [*keeper, *job.argv],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=job.folder,
            env=dict(job.environment),
            pass_fds=(life_line, status),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "an argument holds what none may"
        raise ActionError(f"{job.argv[0]} cannot be started: {why}.") from None


def _heard_out(
    keeper: subprocess.Popen[bytes], until: float, hear: Callable[[bytes], None], stop: Callable[[], None]
) -> bool:
    """Hear the program until its end; False when the time was over before."""
    assert keeper.stdout is not None
    os.set_blocking(keeper.stdout.fileno(), False)
    ended_at = math.inf
    with selectors.DefaultSelector() as selector:
        selector.register(keeper.stdout, selectors.EVENT_READ)
        while time.monotonic() < ended_at + STRAGGLING:
            stop()
            if time.monotonic() > until:
                return False
            if ended_at == math.inf and keeper.poll() is not None:
                ended_at = time.monotonic()
            if not selector.get_map():
                time.sleep(LOOK_EVERY)
            elif selector.select(LOOK_EVERY):
                if chunk := os.read(keeper.stdout.fileno(), AT_ONCE):
                    hear(chunk)
                else:
                    selector.unregister(keeper.stdout)
            if ended_at < math.inf and not selector.get_map():
                break
    return True


def _awaited(keeper: subprocess.Popen[bytes]) -> None:
    """The keeper ends what it keeps and then itself; whoever interrupts this waiting does not hold it up."""
    assert keeper.stdout is not None
    keeper.stdout.close()
    with suppress(subprocess.TimeoutExpired):
        keeper.wait(GRACE + 5)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
