"""What of the record goes into an archive, line by line."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from audit.models import Event, Invocation, InvocationFile, LogLine, RetentionRule, Seal
from audit.parts import PARTS, content_of
from audit.retention.archive import Line, digest_of
from audit.seals.keys import known_keys, public_pem
from audit.seals.ranges import Range, overlap, ranges_of
from audit.seals.rows import read

Part = RetentionRule.Part

PIECE = 3 * 256 * 1024
"""Bytes of a file in one line; three of them are four characters."""

BOUND = {Part.PAYLOAD: "payload", Part.OUTCOME: "outcome", Part.RESULTS: "results"}
"""Parts that an event binds by hash."""


def archive_lines(part: str, invocations: Collection[Invocation]) -> Iterator[Line]:
    """Everything that proves what goes, then what goes."""
    numbers = sorted(_events_of(part, invocations))
    ranges = ranges_of(numbers)
    yield {"type": "archive", "version": 3, "part": part, "at": timezone.now(), "invocations": len(invocations),
           "contents": settings.ARCHIVE_FILES}  # fmt: skip
    seals = list(seals_of(ranges))
    yield from _keys({seal.key for seal in seals})
    for seal in seals:
        yield {"type": "seal", **seal.body(), "signature": seal.signature, "leaves": bytes(seal.leaves).hex()}
    for row in read(ranges):
        yield {"type": "event", **row._asdict()}
    for invocation in invocations:
        yield from _parts(part, invocation)
        yield from _rows(part, invocation)


def rows_lines(part: str, rows: Collection[Model]) -> Iterator[Line]:
    """What is kept beside the record, and is under no seal: the signature of the archive proves it."""
    yield {"type": "archive", "version": 3, "part": part, "at": timezone.now(), "rows": len(rows)}
    yield from map(_row, rows)


def seals_of(ranges: Iterable[Range]) -> Iterator[Seal]:
    """The seals that hold any of these events. A late one stands in a seal far behind its neighbours."""
    pairs = list(ranges)
    if not pairs:
        return
    for seal in Seal.objects.filter(last__gte=pairs[0][0]).order_by("number").iterator(chunk_size=100):
        if overlap(pairs, seal.events):
            yield seal


def _events_of(part: str, invocations: Collection[Invocation]) -> Iterator[int]:
    """The events that leave, or those that bind the part."""
    found = Event.objects.filter(invocation__in=invocations)
    if part != Part.EVENTS:
        found = found.filter(particulars__data__has_key="bound")
    yield from found.values_list("pk", flat=True)


def _keys(ids: Collection[str]) -> Iterator[Line]:
    for name, public in known_keys().items():
        if name in ids:
            yield {"type": "key", "id": name, "pem": public_pem(public).decode()}


def _parts(part: str, invocation: Invocation) -> Iterator[Line]:
    wanted = list(PARTS) if part == Part.EVENTS else [BOUND.get(Part(part), "")]
    for name in wanted:
        if name and name not in invocation.gone:
            yield {
                "type": "part",
                "invocation": str(invocation.pk),
                "part": name,
                "salt": invocation.salts.get(name, ""),
                "content": content_of(invocation, name),
            }


def _rows(part: str, invocation: Invocation) -> Iterator[Line]:
    """What is not sealed, for whoever reads the archive."""
    if part == Part.EVENTS:
        yield _row(invocation)
    if part in {Part.EVENTS, Part.LOGS}:
        for line in LogLine.objects.filter(invocation=invocation).iterator(chunk_size=500):
            yield _row(line)
    if part in {Part.EVENTS, Part.FILES}:
        for file in invocation.files.all():
            yield from _file(file)


def _file(file: InvocationFile) -> Iterator[Line]:
    """Its name, size and SHA-256; its content as well, where `ARCHIVE_FILES` wants that."""
    there = file.path.is_file()
    whose = file.invocation.person_id if file.origin == InvocationFile.Origin.GIVEN else ""
    yield _row(file) | {"sha256": digest_of(file.path) if there else "", "person_id": whose}
    if there and settings.ARCHIVE_FILES:
        with file.path.open("rb") as content:
            while piece := content.read(PIECE):
                yield {"type": "content", "file": str(file.pk), "base64": b64encode(piece).decode()}


def _row(row: Model) -> Line:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {"type": "row", "of": row._meta.model_name, **fields}
