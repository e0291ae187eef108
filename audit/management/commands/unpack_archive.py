"""`manage.py unpack_archive ARCHIVE FOLDER`: the files whose contents an archive has, after it was checked."""

from __future__ import annotations

from argparse import ArgumentParser
from base64 import b64decode
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from audit.files import plain_name
from audit.retention.archive import Line, read_archive
from audit.retention.checking import ArchiveCheck


class Command(BaseCommand):
    """Writes nothing where the archive is not as it was sealed."""

    help = "Write the files whose contents an archive has to a folder: <invocation>/<id>-<name>."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the two paths."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("folder", type=Path, help="Is made; nothing in it is written over.")

    def handle(self, **options: Any) -> None:
        """Check, then write."""
        if troubles := ArchiveCheck().check(options["archive"]).troubles:
            raise CommandError(f"{troubles[0]} Nothing was written.")
        paths: dict[str, Path] = {}
        for line in read_archive(options["archive"]):
            if line["type"] == "row" and line["of"] == "invocationfile":
                paths[line["id"]] = _path(options["folder"], line)
            elif line["type"] == "content":
                _append(paths[line["file"]], b64decode(line["base64"]))
        written = sum(path.exists() for path in paths.values())
        self.stdout.write(f"{written:,} of {len(paths):,} files are in {options['folder']}.")


def _path(folder: Path, line: Line) -> Path:
    """Nothing that a person chose leads out of the folder."""
    path = folder / plain_name(line["invocation_id"]) / f"{plain_name(line['id'])}-{plain_name(line['name'])}"
    if path.exists():
        raise CommandError(f"{path} is there already.")
    return path


def _append(path: Path, piece: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(piece)
