"""`manage.py erase_person`: erase one person's data, and tell of it without the name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from audit.retention.erasing import StillOpen, counts, erase, whose


class Command(BaseCommand):
    """Asks once more, unless told not to."""

    help = "Erase what the record keeps of one person: name, e-mail, address, payloads, files given, tokens, presets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the person, `--dry-run` and `--yes`."""
        parser.add_argument("person", help="Their id in Kitsu, or their e-mail.")
        parser.add_argument("--dry-run", action="store_true", help="Only count what would be erased.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, **options: Any) -> None:
        """Count, ask, erase."""
        one = whose(options["person"])
        if not one.known:
            raise CommandError("The record knows nobody by this id or e-mail.")
        found = counts(one)
        names, emails = ", ".join(sorted(one.names)) or "Nameless", ", ".join(sorted(one.emails)) or "no e-mail"
        self.stdout.write(
            f"{names} ({one.id or 'no id'}; {emails}): "
            f"{found.events:,} events of theirs, {found.mentions:,} that name them, "
            f"{found.invocations:,} invocations, {found.files:,} files given."
        )
        if options["dry_run"]:
            return
        if (
            not options["yes"]
            and input("Type the id or e-mail again to erase all of it for good: ") != options["person"]
        ):
            raise CommandError("That is not the same. Nothing was erased.")
        try:
            told = erase(one, None)
        except StillOpen as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Erased; event {told.pk} tells of it.")
