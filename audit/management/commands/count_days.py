"""`manage.py count_days`: count days of the record anew, for the overview and the metrics."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from audit.models import Invocation
from audit.overview.counting import count_day


class Command(BaseCommand):
    """Counts from the newest day to the oldest, also those that are settled."""

    help = "Count days of the record anew: after an upgrade, a change of TIME_ZONE, or a restored backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--since`, `--until` and `--even-if-fewer`."""
        parser.add_argument("--since", type=date.fromisoformat, help="First day, as 2026-11-20; unset: of the record.")
        parser.add_argument("--until", type=date.fromisoformat, help="Last day; unset: today.")
        parser.add_argument(
            "--even-if-fewer", action="store_true", help="Also where retention has taken invocations out of the record."
        )

    def handle(self, **options: Any) -> None:
        """Count, and say how many days there were."""
        first = Invocation.objects.order_by("received_at").values_list("received_at", flat=True).first()
        if first is None:
            raise CommandError("The record is empty.")
        since, day = options["since"] or timezone.localtime(first).date(), options["until"] or timezone.localdate()
        counted = kept = 0
        while day >= since:
            done = count_day(day, even_if_fewer=options["even_if_fewer"])
            counted, kept = counted + done, kept + (not done)
            day -= timedelta(days=1)
        self.stdout.write(f"Counted {counted} days; {kept} kept as they were.")
