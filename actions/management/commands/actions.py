"""`manage.py actions`: the registry as a YAML file that is kept in git."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.registry_file.planning import CannotApply, Change, Plan, apply, plan
from actions.registry_file.reading import WrongFile
from actions.registry_file.writing import file_of_registry
from kitsu_bridge.kitsu.errors import KitsuError

DIFFERS = 2
OF = {"actions": "", "schedules": "schedule ", "rules": "rule "}
SIGNS = {"create": "+", "change": "~", "delete": "-", "leave": "?"}


class Command(BaseCommand):
    """Write the registry as a file, compare a file with it, bring a file in."""

    help = "Export the registry as YAML, plan what a file would change, or apply it in one transaction."

    def add_arguments(self, parser: CommandParser) -> None:
        """Three words."""
        words = parser.add_subparsers(dest="do", required=True)
        export = words.add_parser("export", help="Write the registry, without secrets.")
        export.add_argument("file", nargs="?", default="-", help="Where to; else, and for -, to standard output.")
        for word, says in (("plan", f"Say what a file would change; exit code {DIFFERS} when anything would."),
                           ("apply", "Bring a file in: all of it, or nothing.")):  # fmt: skip
            one = words.add_parser(word, help=says)
            one.add_argument("file", help="Of YAML; - for standard input.")
            one.add_argument("--delete", action="store_true", help="What is not in the file goes, of its sections.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        does = {"export": self._export, "plan": self._plan, "apply": self._apply}
        try:
            does[options["do"]](options)
        except WrongFile as error:
            raise CommandError(f"{options['file']}: {error}") from error
        except CannotApply as error:
            raise CommandError(f"Nothing was changed.\n{error}") from error
        except KitsuError as error:
            raise CommandError(f"Kitsu: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from error

    def _export(self, options: dict[str, Any]) -> None:
        text = file_of_registry()
        if options["file"] != "-":
            Path(options["file"]).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _plan(self, options: dict[str, Any]) -> None:
        found = plan(_read(options), delete=options["delete"])
        self._show(found)
        if found.wrong:
            raise CommandError("It could not be applied:\n" + "\n".join(found.wrong))
        if found.differs:
            raise CommandError("The registry is not as the file says.", returncode=DIFFERS)

    def _apply(self, options: dict[str, Any]) -> None:
        found = apply(_read(options), None, delete=options["delete"])
        self._show(found)
        self.stdout.write("The registry is as the file says." if not found.differs else "Applied.")

    def _show(self, found: Plan) -> None:
        for change in found.changes:
            aside = "  is not in the file, and stays" if change.does == "leave" else ""
            self.stdout.write(f"{SIGNS[change.does]} {OF[change.section.name]}{change.key}{aside}")
            self._show_fields(change)

    def _show_fields(self, change: Change) -> None:
        for name, (old, new) in change.told.items():
            before = f"{_json(old)} -> " if change.does == "change" else ""
            self.stdout.write(f"    {name}: {before}{_json(new)}")


def _read(options: dict[str, Any]) -> str:
    return sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
