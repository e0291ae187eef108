"""The dialects of Kitsu's custom actions. The one place that knows them.

Kitsu 1.0.56 sends two sets of names, one for its form and one for its AJAX call (recorded requests: the tests'
`payloads/`). Its guide shows a third mixture, and scripts written from the guide send that one. All of them come out here
as one `Selection`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from actions.contract import Selection
from actions.line.problems import Pairs, Refusal, refuse

NAMES: dict[str, str] = {
    # Kitsu's form
    "personid": "person_id",
    "personemail": "person_email",
    "projectid": "project_id",
    "currentpath": "path",
    "currentserver": "server",
    # Kitsu's AJAX call
    "userid": "person_id",
    "useremail": "person_email",
    "productionid": "project_id",
    "originurl": "path",
    "originserver": "server",
    # both
    "selection": "selection",
    "entitytype": "entity_type",
}
"""A sender's name, in small letters and without `_` and `-`, and ours."""

ABOUT = ("person_id", "person_email", "project_id", "entity_type", "path", "server")
"""What a selection says besides the tasks."""

LONGEST = {"path": 1000}
LONGEST_OTHERWISE = 200
SHOWN = 12
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


def understand(fields: Iterable[tuple[str, Any]]) -> Selection:
    """The selection that these fields mean: ids in their order, doubles dropped.

    Raises `Refusal` for an empty selection, for ids that are none, and for a name that says two things.
    """
    known = _known(fields)
    given = [item for value in known.pop("selection", []) for item in _items(value)]
    about = {name: _one(name, values) for name, values in known.items()}
    good = tuple(dict.fromkeys(item.lower() for item in given if UUID.match(item.lower())))
    bad = [item for item in given if not UUID.match(item.lower())]
    selection = Selection(good, **about)
    if bad:
        raise _bad_ids(selection, bad)
    if not good:
        raise _empty(selection)
    return selection


def readable(selection: Selection) -> Pairs:
    """The selection for a page: what was understood."""
    ids = selection.task_ids
    rest = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
    pairs = [(name.replace("_", " "), getattr(selection, name)) for name in ABOUT if getattr(selection, name)]
    pairs.append(("tasks", f"{len(ids):,}"))
    return (*pairs, ("task ids", ", ".join(ids[:SHOWN]) + rest)) if ids else tuple(pairs)


def shown(fields: Iterable[tuple[str, Any]]) -> Pairs:
    """The fields for a page: what arrived, each value cut to a bearable length."""
    pairs = []
    for name, value in list(fields)[:40]:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        text = text.encode("utf-8", "replace").decode()
        name = str(name)[:80].encode("utf-8", "replace").decode()
        pairs.append((name, text if len(text) <= 400 else f"{text[:400]}… ({len(text):,} characters)"))
    return tuple(pairs)


def _known(fields: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    known: dict[str, list[Any]] = {}
    for name, value in fields:
        ours = NAMES.get(re.sub(r"[_\-\[\]]", "", str(name)).lower())
        if ours is not None:
            known.setdefault(ours, []).append(value)
    return known


def _items(value: Any) -> Iterator[str]:
    """The ids in a list, in text joined with commas, in JSON within text, or alone; nothing for null."""
    if value is None:
        return
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    elif isinstance(value, str) and value.lstrip().startswith("["):
        yield from _items(_json_list(value))
    elif isinstance(value, str):
        yield from (part.strip().strip("\"'") for part in value.split(",") if part.strip())
    else:
        yield json.dumps(value, default=str)


def _json_list(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [text.replace("[", " ").replace("]", " ")]
    return found if isinstance(found, list) else [str(found)]


def _one(name: str, values: list[Any]) -> str:
    """The one value of a field; Kitsu sends null or nothing where it has none."""
    texts = dict.fromkeys(_text(name, value) for value in values)
    said = [text for text in texts if text]
    if len(said) > 1:
        raise refuse(
            400,
            "contradiction",
            "The call contradicts itself",
            f"It says {' and '.join(repr(text) for text in said[:3])} for {name.replace('_', ' ')}.",
            "Send one value.",
        )
    return said[0] if said else ""


def _text(name: str, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else "" if value is None else json.dumps(value, default=str)
    if text.lower() in {"null", "undefined", "none"}:
        return ""
    return text.encode("utf-8", "replace").decode()[: LONGEST.get(name, LONGEST_OTHERWISE)]


def _empty(selection: Selection) -> Refusal:
    return refuse(
        400,
        "empty_selection",
        "No task was selected",
        "The call arrived, but its selection is empty.",
        "Select at least one task in Kitsu, then run the action again.",
        understood=readable(selection),
    )


def _bad_ids(selection: Selection, bad: list[str]) -> Refusal:
    named = ", ".join(repr(item[:60]) for item in bad[:SHOWN]) + (" …" if len(bad) > SHOWN else "")
    return refuse(
        400,
        "not_an_id",
        "Not every selected id is one",
        f"{len(bad):,} of {len(bad) + len(selection.task_ids):,} are no ids of Kitsu: {named}.",
        "Send the ids of tasks as Kitsu writes them. The good ones are listed; nothing was run.",
        understood=readable(selection),
    )
