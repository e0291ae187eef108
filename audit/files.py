"""Keeps files beside the record: bounded, under names that we choose, the row last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from audit.models import Invocation
from audit.models.file import InvocationFile

PART = 1024 * 1024


class FileTooLarge(Exception):
    """It has more bytes than `LARGEST_FILE`; nothing of it is kept."""


def keep_file(
    invocation: Invocation,
    name: str,
    content: bytes | Path | Iterable[bytes],
    content_type: str,
    origin: InvocationFile.Origin,
) -> InvocationFile:
    """Write it to FILES_DIR and its row to the record. Raises `FileTooLarge`."""
    kind = "".join(sign for sign in content_type if sign.isprintable())[:120].strip()
    kept = InvocationFile(invocation=invocation, origin=origin, name=plain_name(name), content_type=kind)
    kept.path.parent.mkdir(parents=True, exist_ok=True)
    try:
        kept.size = _write(kept.path, _parts(content))
        kept.save(force_insert=True)
    except BaseException:
        kept.path.unlink(missing_ok=True)
        raise
    return kept


def copy_files(given_with: Invocation, to: Invocation) -> dict[str, InvocationFile]:
    """The files that were given with one run, for another of the same inputs: their old ids, and the new rows."""
    copies = {}
    for file in given_with.files.filter(origin=InvocationFile.Origin.GIVEN):
        if file.path.exists():
            copies[str(file.pk)] = keep_file(to, file.name, file.path, file.content_type, InvocationFile.Origin.GIVEN)
    return copies


def plain_name(name: str) -> str:
    """The last part of a name, without what no file system or header takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?').strip(". ")
    return kept[-200:] or "file"


def _parts(content: bytes | Path | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            while part := file.read(PART):
                yield part
    else:
        yield from content


def _write(path: Path, parts: Iterable[bytes]) -> int:
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for part in parts:
            size += len(part)
            if size > settings.LARGEST_FILE:
                raise FileTooLarge(f"It is larger than {settings.LARGEST_FILE:,} bytes.")
            file.write(part)
    return size
