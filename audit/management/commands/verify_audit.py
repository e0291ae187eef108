"""`manage.py verify_audit`: whether the record is as it was sealed. Exit code 1 where it is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from audit.retention.checking import ArchiveCheck
from audit.seals.keys import PublicKeys, public_keys
from audit.seals.results import keep_result
from audit.seals.trouble import Report
from audit.seals.verifying import verify

SHOWN = 20


class Command(BaseCommand):
    """Checks every seal and every event under it."""

    help = "Check that every event is as it was sealed; names the first that is not, and the seal that proves it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--seals`, `--public-key` and `--quiet`."""
        parser.add_argument("--seals", type=Path, help="A seals file, best a copy that was kept elsewhere.")
        parser.add_argument(
            "--public-key",
            type=Path,
            action="append",
            help="PEM of a key to trust; without it those that are kept here.",
        )
        parser.add_argument("--archive", type=Path, help="Check this archive by what it holds, and nothing else.")
        parser.add_argument(
            "--events-only", action="store_true", help="Not what events bind of their invocations: payloads, results."
        )
        parser.add_argument("--quiet", action="store_true", help="No progress.")

    def handle(self, **options: Any) -> None:
        """Say how it stands."""
        try:
            keys = public_keys(options["public_key"]) if options["public_key"] else None
            if options["seals"]:
                options["seals"].open("rb").close()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        if options["archive"]:
            self._archive(options["archive"], keys)
            return
        progress = (lambda report: None) if options["quiet"] else self._progress
        report = verify(keys=keys, file=options["seals"], parts=not options["events_only"], progress=progress)
        keep_result(report)
        self._say(report)
        if not report.good:
            sys.exit(1)

    def _archive(self, path: Path, keys: PublicKeys | None) -> None:
        found = ArchiveCheck(keys).check(path)
        for trouble in found.troubles[:SHOWN]:
            self.stdout.write(f"WRONG: {trouble}")
        counts = f"{len(found.events):,} events under {found.seals:,} seals, {found.parts:,} parts, {found.rows:,} other rows"
        self.stdout.write(f"{path.name}: {counts}, {found.files:,} of them files.")
        self.stdout.write("The archive is NOT as it was sealed." if found.troubles else "All is as it was sealed.")
        if found.troubles:
            sys.exit(1)

    def _progress(self, report: Report) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{report.events:,} events, {report.rate:,.0f} a second ", ending="")

    def _say(self, report: Report) -> None:
        for trouble in sorted(report.troubles)[:SHOWN]:
            self.stdout.write(f"WRONG: {trouble.sentence}")
        if (more := len(report.troubles) + report.more - SHOWN) > 0:
            self.stdout.write(f"... and {more:,} more.")
        self.stdout.write(
            f"{report.events:,} events under {report.seals:,} seals in {report.seconds:.1f} s ({report.rate:,.0f} a second)."
        )
        if report.good_at is not None:
            self.stdout.write(f"Last good seal: {report.good_seal}, {report.good_at:%Y-%m-%d %H:%M:%S} UTC.")
        if report.waiting:
            self.stdout.write(
                f"{report.waiting:,} events wait for a seal, since {report.waiting_since:%Y-%m-%d %H:%M:%S} UTC."
            )
        self.stdout.write("All is as it was sealed." if report.good else "The record is NOT as it was sealed.")
