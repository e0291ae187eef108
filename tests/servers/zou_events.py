"""Zou's event stream: a process of its own beside Zou, started and killed by the tests that need it."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path

from tests.servers.process import Server, free_port
from tests.servers.zou import installed

WORKER = "geventwebsocket.gunicorn.workers.GeventWebSocketWorker"
"""As Zou's own documentation runs it: one process, since its rooms live in its memory (zou/event_stream.py in 1.0.97)."""


class ZouEvents:
    """The stream on one port, which may be killed and started again there."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again."""
        command = [
            str(installed().with_name("gunicorn")), "-k", WORKER, "-w", "1", "-b", f"127.0.0.1:{self.port}",
            "--no-control-socket", "--worker-tmp-dir", str(self.folder), "zou.event_stream:app",
        ]  # fmt: skip
        env = json.loads(os.environ["TEST_ZOU_ENVIRONMENT"])
        self.server = Server("zou-events", command, self.folder / "events.log", env=env, cwd=self.folder)
        self.server.wait_for(self._ready, 90)

    def _ready(self) -> bool:
        """It has all of Zou's routes as well; only the handshake of its own is answered here."""
        try:
            with urllib.request.urlopen(f"{self.url}/socket.io/?EIO=4&transport=polling", timeout=3) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """End it."""
        self.server.stop()
