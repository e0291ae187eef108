"""`manage.py sweep`: the sweeper, in a process of its own. Any number may run."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from actions.farms.endings import tell
from actions.farms.looking import look
from actions.farms.rounds import glimpse_until, look_until, tell_until
from actions.line.sweeper import sweep, sweep_until
from audit.retention.pruning import prune_in_turn, prune_until
from audit.seals.results import verify_in_turn, verify_until
from audit.seals.sealing import seal_all, seal_until
from audit.settings_seen import record_settings

BESIDE = {
    "farms": look_until,
    "ends": tell_until,
    "glimpses": glimpse_until,
    "seals": seal_until,
    "verification": verify_until,
    "retention": prune_until,
}
"""What has a thread of its own, so that nothing waits for it."""


class Command(BaseCommand):
    """Finds what was left lying, round after round."""

    help = "Send again what no worker took, end what a dead worker left, go on when Kitsu is back, look at farms, expire, seal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--once`."""
        parser.add_argument("--once", action="store_true", help="One round, for a cron job.")

    def handle(self, **options: Any) -> None:
        """Sweep until stopped, or once."""
        if options["once"]:
            found = {**sweep(), "farm jobs changed": look(), "ends told": tell(), "events sealed": seal_all()}
            verify_in_turn()
            prune_in_turn()
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in found.items()))
            return
        record_settings("sweep")
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        for name, beside in BESIDE.items():
            threading.Thread(target=beside, args=(stopped,), name=name, daemon=True).start()
        sweep_until(stopped)
