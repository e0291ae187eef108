"""`manage.py invocations`: the log in a shell, with the filters of the log's page."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.export import guarded
from audit.log.filters import NAMES, Filters
from audit.models import Invocation

COLUMNS = ("received_at", "id", "state", "action_slug", "person_name", "door", "task_count", "message", "reason")


class Command(BaseCommand):
    """Lists invocations, newest first; of one, everything."""

    help = "List invocations, newest first, by the log's filters; or show one by its id."

    def add_arguments(self, parser: CommandParser) -> None:
        """One id, or filters."""
        parser.add_argument("id", nargs="?", help="Show this one, with its events and task results.")
        parser.add_argument(
            "--filter", action="append", default=[], metavar="NAME=VALUE", help="As in the log's address."
        )
        parser.add_argument("--most", type=int, default=50, help="How many at the most (default: 50).")
        parser.add_argument("--format", choices=("text", "csv", "json"), default="text", help="json: a line each.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write to standard output."""
        if options["id"]:
            self._one(options["id"])
            return
        asked = dict(_pair(text) for text in options["filter"])
        if strange := sorted(asked.keys() - set(NAMES)):
            raise CommandError(f"There is no filter {strange[0]!r}; there are: {', '.join(NAMES)}.")
        filters = Filters.read(asked)
        if filters.problems:
            raise CommandError(" ".join(f"{name}: {text}" for name, text in filters.problems.items()))
        rows = filters.apply(Invocation.objects.order_by("-received_at", "-id"))[: max(options["most"], 0)]
        write = {"text": self.text, "csv": self.csv, "json": self.json}[options["format"]]
        write([{name: getattr(row, name) for name in COLUMNS} for row in rows])

    def _one(self, pk: str) -> None:
        invocation = _found(pk)
        self.stdout.write(f"{invocation} {invocation.get_state_display()} {invocation.message or invocation.reason}")
        for event in invocation.events.order_by("id"):
            self.stdout.write(f"{event.at:%Y-%m-%d %H:%M:%S} {event.get_what_display()} {event.text}")
        for result in invocation.results.order_by("position"):
            self.stdout.write(f"{result.get_state_display():8} {result.name or result.task_id}: {result.message}")

    def text(self, rows: list[dict[str, Any]]) -> None:
        """For people."""
        for row in rows:
            says = row["message"] or row["reason"]
            self.stdout.write(
                f"{row['received_at']:%Y-%m-%d %H:%M:%S} {str(row['id'])[:8]} {row['state']:10} "
                f"{row['action_slug']} ({row['task_count']}) {row['person_name']}: {says}"
            )

    def csv(self, rows: list[dict[str, Any]]) -> None:
        """For scripts and spreadsheets."""
        written = io.StringIO()
        writer = csv.DictWriter(written, COLUMNS)
        writer.writeheader()
        writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
        self.stdout.write(written.getvalue(), ending="")

    def json(self, rows: list[dict[str, Any]]) -> None:
        """For programs."""
        for row in rows:
            self.stdout.write(json.dumps(row, default=str, ensure_ascii=False))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"--filter {text}: write NAME=VALUE.")
    return name, value


def _found(pk: str) -> Invocation:
    """By its whole id, or by the eight characters that people quote."""
    plain = pk.replace("-", "").lower()
    if not (8 <= len(plain) <= 32 and all(sign in "0123456789abcdef" for sign in plain)):
        raise CommandError(f"{pk} is no id.")
    low, high = plain.ljust(32, "0"), plain.ljust(32, "f")
    found = list(Invocation.objects.filter(pk__gte=low, pk__lte=high)[:2])
    if len(found) != 1:
        raise CommandError(f"{'No invocation begins' if not found else 'Several invocations begin'} with {pk}.")
    return found[0]
