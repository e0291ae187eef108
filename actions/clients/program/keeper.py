"""Stands between a worker and a program that it starts, as a small process of its own.

It ends the program and everything that the program started when the worker asks for it, and also when the worker dies in
whatever way: the worker holds one end of a pipe, the life line, and the end of the worker is the end of the pipe. No signal and
no exception in the worker is needed for that.

Started as `python -I -S keeper.py LIFE_LINE STATUS GRACE NAMES PROGRAM ARGUMENT...`; the first two are open file descriptors,
NAMES are those of the environment variables that the program gets, separated with commas.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

LOOK_EVERY = 0.05
"""Seconds between two looks at the program and at the life line."""

CLEARED_AFTER = 0.2
"""Seconds that what the program left running has to end when asked."""

Program = subprocess.Popen[bytes]


def keep(life_line: int, grace: float, environment: dict[str, str], argv: list[str]) -> dict[str, object]:
    """Run the program to its end, or until the life line is cut: then it has `grace` seconds to end by itself."""
    try:
        program = subprocess.Popen(argv, env=environment, start_new_session=True)  # noqa: S603 - from the studio's list of programs
    except (OSError, ValueError) as error:
        return {"error": getattr(error, "strerror", None) or "its arguments cannot be given"}
    cut = False
    while not _over(program):
        if _is_cut(life_line):
            cut = True
            _end(program, grace)
    _end(program, CLEARED_AFTER)
    return {"exit": program.wait(), "cut": cut}


def _over(program: Program) -> bool:
    """Whether it has ended. It is not taken note of yet, so that its number cannot become another program's.

    macOS has no `waitid` before Python 3.13: there it is taken note of at once.
    """
    if not hasattr(os, "waitid"):
        return program.poll() is not None
    return os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _is_cut(life_line: int) -> bool:
    readable, _, _ = select.select([life_line], [], [], LOOK_EVERY)
    return bool(readable)


def _end(program: Program, grace: float) -> None:
    """Ask the whole group to end, then end it."""
    _signal(program.pid, signal.SIGTERM)
    until = time.monotonic() + grace
    while _alive(program) and time.monotonic() < until:
        time.sleep(LOOK_EVERY)
    _signal(program.pid, signal.SIGKILL)


def _alive(program: Program) -> bool:
    """Whether any process of the group still runs; the program itself, once it has ended, stays in it until noted."""
    if not _over(program):
        return True
    try:
        os.killpg(program.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return _others(program.pid)


def _others(group: int) -> bool:
    """Whether a process other than ended ones is in the group; where that cannot be read, yes."""
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208
    except OSError:
        return True
    return any(_runs_in(pid, group) for pid in pids)


def _runs_in(pid: int, group: int) -> bool:
    """From /proc/<pid>/stat: state, parent and group stand behind the name in brackets (proc(5))."""
    with suppress(OSError, ValueError, IndexError):
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - no more modules than needed are loaded here
            state, _, its_group = file.read().rpartition(b")")[2].split()[:3]
        return int(its_group) == group and state != b"Z"
    return False


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _unmoved(_number: int, _frame: object) -> None:
    """The worker's end is heard through the life line. A handler, since the program would inherit that signals are ignored."""


def main(arguments: list[str]) -> None:
    """Read the arguments, keep the program, tell how it ended."""
    life_line, status, grace = int(arguments[0]), int(arguments[1]), float(arguments[2])
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, _unmoved)
    for descriptor in (life_line, status):
        os.set_inheritable(descriptor, False)
    # Python itself may add LC_CTYPE to the environment of this process (PEP 538).
    environment = {name: os.environ[name] for name in arguments[3].split(",") if name in os.environ}
    with os.fdopen(status, "w") as file:
        json.dump(keep(life_line, grace, environment, arguments[4:]), file)


if __name__ == "__main__":
    main(sys.argv[1:])
