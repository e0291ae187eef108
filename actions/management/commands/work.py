"""`manage.py work`: a worker, in a process of its own. Any number may run, on any number of machines."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from audit.settings_seen import record_settings
from kitsu_bridge.celery import app


class Command(BaseCommand):
    """A Celery worker on the queues of the settings."""

    help = "Carry out invocations: a Celery worker on the queues of QUEUES."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--queues` and `--concurrency`."""
        parser.add_argument("--queues", default=",".join(settings.QUEUES), help="Only these, separated with commas.")
        parser.add_argument("--concurrency", type=int, default=settings.WORKER_CONCURRENCY, help="How many at a time.")

    def handle(self, **options: Any) -> None:
        """Work until stopped."""
        if settings.EMBEDDED:
            raise CommandError("Set CELERY_BROKER_URL: without a broker the worker is embedded in `manage.py serve`.")
        record_settings("work")
        app.worker_main(
            [
                "worker",
                f"--queues={options['queues']}",
                f"--concurrency={options['concurrency']}",
                f"--loglevel={settings.LOG_LEVEL}",
                "--without-gossip",
                "--without-mingle",
            ]
        )
