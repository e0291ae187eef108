"""A worker and a sweeper within the process that serves the pages: what one machine without a broker runs on."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery.worker import WorkController
from django.conf import settings

from actions.farms.rounds import glimpse_until, look_until, tell_until
from actions.line.sweeper import sweep_until
from actions.listening.listener import listen_until
from audit.retention.pruning import prune_until
from audit.seals.results import verify_until
from audit.seals.sealing import seal_until
from kitsu_bridge.celery import app

log = structlog.get_logger(__name__)


class Embedded:
    """Started once a process; `stop` waits for what runs, for some seconds."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        app.loader.import_default_modules()
        self._worker: Any = WorkController(
            app=app,
            hostname="embedded@bridge",
            pool_cls="threads",
            concurrency=settings.WORKER_CONCURRENCY,
            queues=settings.QUEUES,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        self._threads = [
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            threading.Thread(target=sweep_until, args=(self._stopped,), name="sweeper", daemon=True),
            threading.Thread(target=look_until, args=(self._stopped,), name="farms", daemon=True),
            threading.Thread(target=tell_until, args=(self._stopped,), name="ends", daemon=True),
            threading.Thread(target=glimpse_until, args=(self._stopped,), name="glimpses", daemon=True),
            threading.Thread(target=seal_until, args=(self._stopped,), name="seals", daemon=True),
            threading.Thread(target=verify_until, args=(self._stopped,), name="verification", daemon=True),
            threading.Thread(target=prune_until, args=(self._stopped,), name="retention", daemon=True),
            threading.Thread(target=listen_until, args=(self._stopped,), name="listener", daemon=True),
        ]

    def start(self) -> Embedded:
        """Begin to work."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End all; what still runs after two seconds is found by the next start's sweeper."""
        self._stopped.set()
        self._worker.stop(in_sighandler=True)
        for thread in self._threads:
            thread.join(timeout=1)
