"""`manage.py kinds`: what actions can be made of, and what each kind asks."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.kinds.flags import add_flags
from actions.kinds.schema import json_schema
from actions.kinds.tables import markdown_table
from actions.registry import Kind, kinds


class Command(BaseCommand):
    """Lists the kinds; of one, its description with its parameters as flags, as JSON Schema, or as tables."""

    help = "List the kinds, or describe one: its parameters as flags, as JSON Schema, or as tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """A name, and in which form it is described."""
        parser.add_argument("kind", nargs="?", help="Describe this one.")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--schema", action="store_true", help="Its parameters as JSON Schema.")
        form.add_argument("--markdown", action="store_true", help="Its options and parameters as tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write to standard output."""
        name = options["kind"]
        if not name:
            for kind in kinds().values():
                self.stdout.write(f"{kind.name:20} {'BROKEN' if kind.error else kind.title}")
            return
        found = kinds().get(name)
        if found is None:
            raise CommandError(f"There is no kind {name!r}; there are: {', '.join(kinds())}.")
        if options["schema"]:
            self.stdout.write(json.dumps(json_schema(found.parameters), indent=2, ensure_ascii=False))
        elif options["markdown"]:
            self.stdout.write(f"{markdown_table(found.options)}\n{markdown_table(found.parameters)}")
        else:
            self.stdout.write(_described(found))


def _described(kind: Kind) -> str:
    if kind.error:
        return f"{kind.name} is broken.\n\n{kind.error}"
    parser = argparse.ArgumentParser(prog=kind.name, description=kind.description, add_help=False)
    add_flags(parser, kind.parameters)
    return f"{kind.title}\n\n{parser.format_help()}"
