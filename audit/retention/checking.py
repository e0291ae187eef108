"""Checks an archive by what it holds: its seals are signed, its events stand under them, its parts are what these bind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from audit.models import Seal
from audit.retention.archive import Line, read_archive, signed_content
from audit.retention.contents import Contents
from audit.seals.binding import bound
from audit.seals.checking import sealed_leaves, who_fits, words_fit
from audit.seals.keys import PublicKeys, key_id, signed_by
from audit.seals.merkle import root
from audit.seals.ranges import numbers_in
from audit.seals.rows import Row, leaf_of


@dataclass(slots=True)
class Archive:
    """What an archive holds, and what is wrong with it."""

    part: str = ""
    events: list[int] = field(default_factory=list)
    seals: int = 0
    parts: int = 0
    rows: int = 0
    files: int = 0
    """Of these rows; with their contents where the archive has them."""
    troubles: list[str] = field(default_factory=list)


class ArchiveCheck:
    """Reads an archive line by line."""

    def __init__(self, keys: PublicKeys | None = None) -> None:
        self.found = Archive()
        self._given, self._keys = keys, dict(keys or {})
        self._leaves: dict[int, tuple[int, bytes]] = {}
        self._bound: dict[tuple[str, str], str] = {}
        self._contents = Contents()
        self._unsigned = "The archive is not signed: its end is missing."

    def check(self, path: Path) -> Archive:
        """All of it; whatever is wrong stands in `troubles`."""
        try:
            for number, line in enumerate(read_archive(path)):
                if number == 0 and line["type"] != "archive":
                    raise ValueError(f"{path.name} is no archive.")
                self.found.troubles += self._line(line)
            self.found.troubles += self._contents.troubles()
            self.found.troubles += [self._unsigned] if self._unsigned else []
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            self.found.troubles.append(f"{path.name} cannot be read: {error or type(error).__name__}")
        return self.found

    def _line(self, line: Line) -> list[str]:
        if not self._unsigned:
            self._unsigned = "A line stands behind the signature of the archive."
        return list(getattr(self, f"_{line['type']}")(line))

    def _archive(self, line: Line) -> Iterator[str]:
        self.found.part = str(line["part"])
        self._contents = Contents(expected=bool(line.get("contents")))
        yield from ()

    def _key(self, line: Line) -> Iterator[str]:
        """Its own keys count only where none were given from elsewhere."""
        public = load_pem_public_key(line["pem"].encode())
        if not isinstance(public, Ed25519PublicKey) or key_id(public) != line["id"]:
            yield f"The key {line['id']} is another one."
        elif self._given is None:
            self._keys[line["id"]] = public

    def _seal(self, line: Line) -> Iterator[str]:
        body = {name: line[name] for name in ("number", "events", "open", "count", "last", "root", "previous", "key")}
        seal = Seal(at=datetime.fromisoformat(line["at"]), signature=line["signature"], **body)
        leaves = sealed_leaves(bytes.fromhex(line["leaves"]))
        numbers = list(numbers_in(seal.events))
        key = self._keys.get(seal.key)
        if key is None:
            yield f"Seal {seal.number} is signed with the key {seal.key}, which is not known."
        elif not signed_by(key, seal.signature, seal.signed_content()) or len(numbers) != len(leaves):
            yield f"Seal {seal.number} was altered."
        elif root(leaves).hex() != seal.root:
            yield f"The hashes of seal {seal.number} were altered."
        else:
            self._leaves |= {event: (seal.number, one) for event, one in zip(numbers, leaves, strict=True)}
        self.found.seals += 1

    def _event(self, line: Line) -> Iterator[str]:
        row = Row(**{name: line[name] for name in Row._fields})
        seal, leaf = self._leaves.get(row.id, (0, b""))
        if not seal:
            yield f"Event {row.id} stands under no seal."
        elif leaf_of(row) != leaf or not (who_fits(row) and words_fit(row)):
            yield f"Event {row.id} was altered: seal {seal} proves it."
        else:
            self._remember(row)
        self.found.events.append(row.id)

    def _remember(self, row: Row) -> None:
        data = json.loads(row.data or "{}")
        for part, hashed in (data.get("bound") or {}).items():
            self._bound[str(row.invocation), part] = hashed

    def _part(self, line: Line) -> Iterator[str]:
        what = f"The part {line['part']} of invocation {line['invocation']}"
        hashed = self._bound.get((line["invocation"], line["part"]))
        if line["salt"] and (hashed is None or bound(line["salt"], line["content"]) != hashed):
            yield f"{what} was altered."
        self.found.parts += 1

    def _row(self, line: Line) -> Iterator[str]:
        self.found.rows += 1
        if line["of"] == "invocationfile":
            self.found.files += 1
            self._contents.named(line)
        yield from ()

    def _content(self, line: Line) -> Iterator[str]:
        self._contents.add(line)
        yield from ()

    def _signature(self, line: Line) -> Iterator[str]:
        yield from self._key({"id": line["key"], "pem": line["pem"]})
        key = self._keys.get(line["key"])
        good = key is not None and signed_by(key, line["signature"], signed_content(line["digest"]))
        known = "its signature is of other lines" if key else f"the key {line['key']} that signed it is not known"
        self._unsigned = "" if good else f"The archive was altered, or {known}."
