"""Parameters as they are typed on a command line: names of Kitsu become ids, files their bytes, and texts what they mean."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from actions.kinds.hints import FieldSpec
from actions.parameters.sent import WrongParameters
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.studio import studio

MOST_NAMED = 12
"""Names that a sentence lists."""

Read = Callable[[Kitsu, Sequence[str]], list[Record]]

NAMED: dict[str, tuple[Read, tuple[str, ...]]] = {
    "person": (lambda kitsu, task_ids: kitsu.persons(), ("email", "full_name")),
    "task_status": (lambda kitsu, task_ids: kitsu.task_statuses(), ("short_name", "name")),
    "task_type": (lambda kitsu, task_ids: kitsu.task_types(), ("name",)),
    "asset_type": (lambda kitsu, task_ids: kitsu.entity_types(), ("name",)),
    "project": (lambda kitsu, task_ids: kitsu.open_projects(), ("name",)),
    "department": (lambda kitsu, task_ids: kitsu.departments(), ("name",)),
    "playlist": (lambda kitsu, task_ids: _playlists(kitsu, task_ids), ("name",)),
}
"""Types that name something in Kitsu: how it is read for these tasks, and what people call it by."""


def typed(specs: Sequence[FieldSpec], values: Mapping[str, Any], task_ids: Sequence[str]) -> dict[str, Any]:
    """What a program would send for these texts. Raises `WrongParameters`, `KitsuError` where names have to be read.

    Names that no parameter has are left to the line, which says which there are.
    """
    known, given, wrong = {spec.name: spec for spec in specs}, dict(values), {}
    for name in known.keys() & values.keys():
        try:
            given[name] = _one_or_several(known[name], values[name], task_ids)
        except (OSError, ValueError) as error:
            wrong[name] = str(error)
    if wrong:
        raise WrongParameters(wrong)
    return given


def _one_or_several(spec: FieldSpec, value: Any, task_ids: Sequence[str]) -> Any:
    if spec.several:
        return [_meant(spec, one, task_ids) for one in (value if isinstance(value, list) else [value])]
    if isinstance(value, list):
        raise ValueError("It takes one value.")
    return _meant(spec, value, task_ids)


def _meant(spec: FieldSpec, value: Any, task_ids: Sequence[str]) -> Any:
    if not isinstance(value, str) or not value:
        return value
    if spec.about.secret:
        return _text_of(value)
    if spec.type == "file":
        return _file(Path(value), spec.about.largest)
    return _id_of(spec.type, value, task_ids) if spec.type in NAMED else value


def _text_of(where: str) -> str:
    """A secret stands in a file: arguments can be read by every process of the machine."""
    return (sys.stdin.read() if where == "-" else Path(where).read_text(encoding="utf-8")).rstrip("\r\n")


def _file(path: Path, largest: int) -> str:
    """With its name (RFC 2397)."""
    if path.stat().st_size > largest:
        raise ValueError(f"{path.name} has {path.stat().st_size:,} bytes; {largest:,} are allowed.")
    return f"data:;name={quote(path.name, safe='')};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _id_of(kind: str, name: str, task_ids: Sequence[str]) -> str:
    if is_id(name):
        return name
    read, keys = NAMED[kind]
    rows = read(studio().bot(), task_ids)
    found = {str(row["id"]) for row in rows for key in keys if str(row.get(key) or "").casefold() == name.casefold()}
    if len(found) > 1:
        raise ValueError(f"{len(found)} are called {name!r}: give the id.")
    if not found:
        names = sorted({str(row[keys[0]]) for row in rows if row.get(keys[0])}, key=str.casefold)
        more = f", and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        raise ValueError(f"Nothing is called {name!r}; there are: {', '.join(names[:MOST_NAMED]) or 'none'}{more}.")
    return found.pop()


def _playlists(kitsu: Kitsu, task_ids: Sequence[str]) -> list[Record]:
    projects = {row["project_id"] for row in kitsu.tasks([one for one in task_ids if is_id(one)])}
    return [row for one in sorted(projects) for row in kitsu.playlists(one)]
