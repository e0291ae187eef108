"""Starting, waiting for and stopping a server process."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class DidNotStart(Exception):
    """A server did not come up; the message has the end of its log."""


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged() -> pwd.struct_passwd | None:
    """The account for servers that refuse root; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DidNotStart("There is no account 'postgres' or 'nobody' to run PostgreSQL as.")


def as_account(account: pwd.struct_passwd | None) -> dict[str, object]:
    """Arguments for `subprocess` that run a command as this account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Server:
    """One running process with its log."""

    def __init__(
        self, name: str, command: list[str], log: Path, env: dict[str, str] | None = None, **how: object
    ) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env, start_new_session=True, **how
            )

    def wait_for(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Until it answers; when it ends before, takes too long or is interrupted, it is stopped: nobody else would.

        Raises `DidNotStart` with the end of its log.
        """
        try:
            if not self._answers(ready, time.monotonic() + seconds):
                raise DidNotStart(f"{self.name} did not start:\n{tail(self.log)}")
        except BaseException:
            self.stop()
            raise

    def _answers(self, ready: Callable[[], bool], until: float) -> bool:
        while time.monotonic() < until:
            if ready():
                return True
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        """End it, at last by force."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def listens(port: int) -> bool:
    """Whether something answers on this port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tail(log: Path, lines: int = 25) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
