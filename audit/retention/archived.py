"""Erases one person's data in the archives as well: what is left of each still proves itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.retention.archive import Line, digest_of, read_archive, write_archive
from audit.retention.whose import ERASED_ID, ERASED_NAME, WHO, WORDS, Whose, without

OWN = frozenset({"payload", "caller", "parameters"})
"""Parts of their own invocations that go as they do from the record."""


def erase_in_archives(one: Whose, told_by: int) -> dict[str, str]:
    """Write anew the archives that know them; the SHA-256 of each by its name."""
    folder = Path(settings.ARCHIVE_DIR)
    found = sorted(folder.glob("*.jsonl.gz")) if folder.is_dir() else []
    return {path.name: _rewrite(path, one, told_by) for path in found if _knows(path, one)}


def known_in_archives(said: str) -> Whose:
    """Somebody by id or e-mail, as the archives know them: of whom nothing is in the record any more."""
    said = said.lower()
    folder = Path(settings.ARCHIVE_DIR)
    ids, emails, names = set(), set(), set()
    for path in sorted(folder.glob("*.jsonl.gz")) if folder.is_dir() else []:
        for line in read_archive(path):
            if said and line["type"] == "row" and said in _who(line):
                ids.add(line["person_id"])
                emails.add(line["person_email"].lower())
                names.add(line["person_name"])
    return Whose(next(iter(sorted(ids - {""})), ""), frozenset(emails - {""}), frozenset(names - {""}))


def _who(line: Line) -> tuple[str, ...]:
    """The id and the e-mail of an invocation's person."""
    return (line["person_id"].lower(), line["person_email"].lower()) if line["of"] == "invocation" else ()


def _knows(path: Path, one: Whose) -> bool:
    words = [word.lower() for word in (one.id, *one.emails, *one.names) if word]
    return any(word in json.dumps(line, ensure_ascii=False).lower() for line in read_archive(path) for word in words)


def _rewrite(path: Path, one: Whose, told_by: int) -> str:
    theirs = {line["id"] for line in read_archive(path) if _is_theirs(line, one)}
    given = {line["id"] for line in read_archive(path) if _gave(line, one, theirs)}
    kept = (line for line in read_archive(path) if line["type"] != "content" or line["file"] not in given)
    fresh = write_archive(_erased(line, one, told_by, theirs) for line in kept)
    fresh.replace(path)
    return digest_of(path)


def _is_theirs(line: Line, one: Whose) -> bool:
    if line["type"] != "row" or line["of"] != "invocation":
        return False
    return (line["person_id"] or "-").lower() == one.id.lower() or (line["person_email"] or "-").lower() in one.emails


def _gave(line: Line, one: Whose, theirs: set[str]) -> bool:
    """Whether it is a file that they gave with one of their invocations, which may stand in another archive."""
    if line["type"] != "row" or line["of"] != "invocationfile" or line["origin"] != "given":
        return False
    return line["invocation_id"] in theirs or (line.get("person_id") or "-").lower() == one.id.lower()


def _erased(line: Line, one: Whose, told_by: int, theirs: set[str]) -> Line:
    if line["type"] == "event":
        return _event(line, one, told_by)
    if line["type"] == "part":
        return _part(line, one, theirs)
    if line["type"] == "row":
        return _row(line, one, theirs)
    return line


def _event(line: Line, one: Whose, told_by: int) -> Line:
    personal = json.loads(line["personal"] or "{}")
    if (one.id and line["actor_id"] == one.id) or str(personal.get("email", "-")).lower() in one.emails:
        line = {**line, **WHO, "personal": "{}", "who_erased_by": told_by}
    words = [line["text"] or "", json.loads(line["data"] or "{}")]
    if without(words, one.words) != words:
        line = {**line, **WORDS, "data": "{}", "words_erased_by": told_by}
    return line


def _part(line: Line, one: Whose, theirs: set[str]) -> Line:
    """A part that was changed has no salt any more: nothing can be proven of it, and nothing is claimed."""
    own = line["part"] in OWN and line["invocation"] in theirs
    content: Any = {} if own else without(line["content"], one.words)
    return line if content == line["content"] else {**line, "content": content, "salt": ""}


def _row(line: Line, one: Whose, theirs: set[str]) -> Line:
    if line["of"] == "invocation" and line["id"] in theirs:
        blank = {"payload": "", "address": "", "parameters": {}, "understood": {}, "salts": {}, "fingerprint": ""}
        line = {**line, **blank, "person_id": ERASED_ID, "person_name": ERASED_NAME, "person_email": ""}
    if _gave(line, one, theirs):
        line = {**line, "name": ERASED_NAME, "size": 0, "sha256": ""}
    return dict(without(line, one.words))
