"""`manage.py publish`: bring the buttons in Kitsu in line with the actions here."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from actions.publish import Publication, base_url, carry_out, plan
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.studio import studio


class Command(BaseCommand):
    """Shows the difference, asks, writes. Exit code 0: in line; 1: something failed; 2: differences (with --dry-run)."""

    help = "Create, update and remove the custom actions in Kitsu, after showing the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--dry-run` and `--yes`."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Only show the difference; exit code 2 if there is one."
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, **options: Any) -> None:
        """Plan, show, ask, carry out."""
        if not settings.BRIDGE_URL:
            raise CommandError("Set BRIDGE_URL: Kitsu's buttons need to know where the bridge is.")
        base = base_url(settings.BRIDGE_URL)
        try:
            kitsu = studio().bot()
            found = plan(kitsu, base)
        except KitsuError as error:
            raise CommandError(str(error)) from None
        self._show(found)
        if not found.todo:
            return
        if options["dry_run"]:
            sys.exit(2)
        if not options["yes"] and input("Write this to Kitsu? [y/N] ").strip().lower() != "y":
            raise CommandError("Nothing was written.")
        wrong = 0
        for step, problem in carry_out(found.todo, kitsu, base, None):
            self.stdout.write(f"{step.what} {step.name}: {problem or 'done'}")
            wrong += bool(problem)
        if wrong:
            sys.exit(1)

    def _show(self, found: Publication) -> None:
        for step in found.steps:
            self.stdout.write(f"{step.what:>9}  {step.name}  {step.drift}".rstrip())
            for name, (now, wanted) in step.changes.items():
                self.stdout.write(f"{'':>11}{name}: {now!r} -> {wanted!r}")
        for action, row in found.adoptable:
            self.stdout.write(f"    adopt?  {row['name']} points at {action.slug}; adopt it in the admin")
        self.stdout.write(f"{len(found.others)} other custom actions in Kitsu are left alone.")
