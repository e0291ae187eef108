"""`manage.py new_kind <name>`: a commented file to begin with, and its test, in the studio's own folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.template.loader import render_to_string

from actions.kinds.folder import NO_KINDS
from actions.registry import kinds, wrong_name


class Command(BaseCommand):
    """Writes two files and overwrites none."""

    help = "Write a commented file to begin a kind with, and its test, into KINDS_FOLDER."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the name."""
        parser.add_argument("name", help="Of the kind: small letters, digits and underscores, such as to_editorial.")

    def handle(self, **options: Any) -> None:
        """Refuse what cannot work, write both, and say what to do next."""
        name: str = options["name"]
        folder = _folder()
        texts = {folder / f"{name}.py": "kind.txt", folder / "tests" / f"test_{name}.py": "test.txt"}
        _refuse_bad(name, list(texts))
        for path, template in texts.items():
            _write(path, render_to_string(f"new_kind/{template}", {"name": name, "title": _title(name)}))
            self.stdout.write(f"Wrote {path}")
        self.stdout.write(f"Test it:       python -m pytest {folder}")
        self.stdout.write("Switch it on:  in the admin, under Kinds; then make an action of it")


def _folder() -> Path:
    if not settings.KINDS_FOLDER:
        raise CommandError("Set KINDS_FOLDER to the folder of your kinds, such as KINDS_FOLDER=/studio/kinds")
    folder = Path(settings.KINDS_FOLDER)
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder. Make it first: mkdir -p {folder}")
    return folder


def _refuse_bad(name: str, paths: list[Path]) -> None:
    if wrong := wrong_name(name):
        raise CommandError(wrong)
    if name.startswith(NO_KINDS):
        raise CommandError(f"{name!r} would not be read as a kind: names that begin so are for tests.")
    for path in paths:
        if path.exists():
            raise CommandError(f"{path} is there already, and is left as it is.")
    if name in kinds():
        raise CommandError(f"There is a kind {name!r} already: {kinds()[name].file}. Choose another name.")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
