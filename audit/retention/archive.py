"""An archive: what leaves the record, with the seals that prove it, as compressed JSON lines. Checked before anything goes.

Lines, in this order: `archive` (what it is), `key` (public keys), `seal` (with the hashes of all its events), `event` (with its
particulars), `part` (of an invocation, with its salt), `row` (what is not sealed: log lines, the invocation's other fields),
`content` (of a file); and at the end `signature`, over all lines before it, so that what is under no seal is proven as well.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from audit.seals.keys import key_id, public_pem, signing_key

SIGNED = b"kitsu-bridge archive 1\n"
"""Stands before what is signed, so that a signature means an archive and nothing else."""

SIGNATURE = "signature"

Line = dict[str, Any]


def write_archive(lines: Iterable[Line]) -> Path:
    """Write the lines to a new file in ARCHIVE_DIR, on disk when this returns."""
    folder = Path(settings.ARCHIVE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{timezone.now():%Y-%m-%dT%H%M%S-%f}.jsonl.gz"
    aside = path.with_name(f".{path.name}")
    try:
        _write(aside, lines)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    _sync(folder)
    return path


def _write(path: Path, lines: Iterable[Line]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            digest = sha256()
            for line in lines:
                if line["type"] == SIGNATURE:
                    continue  # Of the archive that is written anew here.
                text = _json(line).encode() + b"\n"
                digest.update(text)
                packed.write(text)
            packed.write(_json(_signature(digest.hexdigest())).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def signed_content(digest: str) -> bytes:
    """The bytes that are signed, of the SHA-256 (hex) of all lines."""
    return SIGNED + digest.encode()


def _signature(digest: str) -> Line:
    key = signing_key()
    public = key.public_key()
    signed = {"key": key_id(public), "signature": key.sign(signed_content(digest)).hex()}
    return {"type": SIGNATURE, **signed, "pem": public_pem(public).decode()}


class _Encoder(DjangoJSONEncoder):
    """Django's cuts microseconds."""

    def default(self, o: Any) -> Any:
        """Dates whole, everything else as Django has it."""
        return o.isoformat(timespec="microseconds") if isinstance(o, datetime) else super().default(o)


_json = _Encoder(ensure_ascii=False).encode


def read_archive(path: Path) -> Iterator[Line]:
    """Its lines; the signature with the `digest` of those before it. Raises `ValueError` or `OSError` for what is no archive."""
    digest = sha256()
    with gzip.open(path, "rb") as file:
        for text in file:
            line = json.loads(text)
            if not isinstance(line, dict) or "type" not in line:
                raise ValueError(f"{path.name} is no archive.")
            yield {**line, "digest": digest.hexdigest()} if line["type"] == SIGNATURE else line
            digest.update(text)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    found = sha256()
    with path.open("rb") as file:
        while part := file.read(1024 * 1024):
            found.update(part)
    return found.hexdigest()


def _sync(folder: Path) -> None:
    """The file's name has to reach the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
