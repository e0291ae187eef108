"""`manage.py listen`: follow Kitsu's events and start actions by the rules of the admin."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from actions.listening.listener import Listener


class Command(BaseCommand):
    """Runs until it is stopped; any number may run, one of them reads."""

    help = "Follow Kitsu's events and start actions by rules (until stopped)."

    def add_arguments(self, parser: Any) -> None:
        """Its one option."""
        parser.add_argument("--once", action="store_true", help="read once what is new, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen, or read once."""
        if not settings.KITSU_URL:
            raise CommandError(
                "Set KITSU_URL: without it there is only the sample studio, which lives in the process of manage.py serve; "
                "that one listens itself."
            )
        listener = Listener(threading.Event())
        if options["once"]:
            self.stdout.write(f"{listener.round():,} events fitted a rule.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: listener.stop())
        self.stdout.write(f"Kitsu Bridge listens to {settings.KITSU_EVENTS_URL or settings.KITSU_URL}.")
        listener.listen()
