"""`manage.py first_actions`: what a new bridge begins with."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from actions.first_actions import create_first_actions


class Command(BaseCommand):
    """Creates the first actions."""

    help = "Create the first actions, where there is none yet."

    def handle(self, **options: Any) -> None:
        """Say how many."""
        count = create_first_actions()
        self.stdout.write(f"Created {count} actions." if count else "There are actions already; nothing was created.")
