"""What of the record goes into an archive, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Model
from django.utils import timezone

from audit.models import Event, Invocation, LogLine, RetentionRule, Seal
from audit.parts import PARTS, content_of
from audit.retention.archive import Line
from audit.seals.keys import known_keys, public_pem
from audit.seals.ranges import Range, overlap, ranges_of
from audit.seals.rows import read

Part = RetentionRule.Part

BOUND = {Part.PAYLOAD: "payload", Part.OUTCOME: "outcome", Part.RESULTS: "results"}
"""Parts that an event binds by hash."""


def archive_lines(part: str, invocations: Collection[Invocation]) -> Iterator[Line]:
    """Everything that proves what goes, then what goes."""
    numbers = sorted(_events_of(part, invocations))
    ranges = ranges_of(numbers)
    yield {"type": "archive", "version": 1, "part": part, "at": timezone.now(), "invocations": len(invocations)}
    seals = list(seals_of(ranges))
    yield from _keys({seal.key for seal in seals})
    for seal in seals:
        yield {"type": "seal", **seal.body(), "signature": seal.signature, "leaves": bytes(seal.leaves).hex()}
    for row in read(ranges):
        yield {"type": "event", **row._asdict()}
    for invocation in invocations:
        yield from _parts(part, invocation)
        yield from _rows(part, invocation)


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
            yield _row(file)


def _row(row: Model) -> Line:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {"type": "row", "of": row._meta.model_name, **fields}
