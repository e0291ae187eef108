"""`manage.py prune`: let go what the retention rules do not keep, into an archive first."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from audit.models import RetentionRule
from audit.models.retention import BESIDE
from audit.retention.pruning import NotArchived, counted, prune


class Command(BaseCommand):
    """Says what went, or what would go."""

    help = "Let go what the retention rules do not keep: into an archive first, which is checked before anything goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--dry-run`."""
        parser.add_argument("--dry-run", action="store_true", help="Only count what would go.")

    def handle(self, **options: Any) -> None:
        """Count, or prune."""
        try:
            found = counted() if options["dry_run"] else prune()
        except NotArchived as error:
            raise CommandError(str(error)) from None
        for part, count in found.items():
            of = "rows" if part in BESIDE else "invocations"
            self.stdout.write(f"{RetentionRule.Part(part).label}: {count:,} {of}")
