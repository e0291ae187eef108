"""Show the latest previews of the selection as a page to print, and pack their originals into a ZIP."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Annotated, Any, Literal

from actions.clients.archive import Names, zipped
from actions.contract import ActionError, Call, Field, Kept, Outcome
from actions.filling import fill, last_previews, of_call, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuError, KitsuForbids, KitsuRefuses, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.tasks import Task

AT_ONCE = 4
"""Pictures fetched at a time, as Kitsu's rows are read."""

CHUNK = 20
"""Pictures between two looks at whether the person wants to stop."""

MEGABYTE = 1_000_000

PICTURES = {b"\x89PNG\r\n\x1a\n": ("png", "image/png"), b"\xff\xd8\xff": ("jpg", "image/jpeg")}
"""How a picture begins; nothing else is put into a page, whatever Kitsu calls it."""

OF_ONE_TASK = (KitsuForbids, KitsuRefuses, NotInKitsu, TooLarge)
"""What goes wrong with one picture, and not with Kitsu."""


@dataclass(frozen=True)
class Options:
    """How originals are named, and how much of them is packed."""

    names: Annotated[str, Field(label="Names in the ZIP", template="text", help="Without their ending.")] = (
        "{entity_name}_{task_type_name}_v{preview_revision|pad:3}"
    )
    most: Annotated[
        int,
        Field(label="Largest ZIP", unit="MB", least=1, most=1_000_000, help="What does not fit is named as failed."),
    ] = 2000


@dataclass(slots=True)
class Sheet:
    """What the page will show: the tasks that have a preview, their pictures, and what went wrong with which."""

    shown: list[tuple[Task, Record]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    """By task: where its picture is."""
    trouble: dict[str, str] = field(default_factory=dict)


@handler(title="Contact sheet")
def run(
    call: Call,
    options: Options,
    *,
    title: Annotated[str, Field(template="text")] = "{action_name|default:Contact sheet} {date}",
    columns: Annotated[int, Field(unit="pictures beside each other", least=1, most=8)] = 4,
    pictures: Annotated[
        Literal["small", "large"],
        Field(choices=(("small", "Small, as in Kitsu's lists"), ("large", "Large, for sharp prints"))),
    ] = "small",
    originals: Annotated[bool, Field(label="ZIP of the originals", help="Offered on the page.")] = False,
) -> Outcome:
    """Fetch the pictures, keep them with the invocation, and say where each stands."""
    sheet = Sheet(_with_preview(call))
    if not sheet.shown:
        raise ActionError("None of the selected tasks has a preview.")
    heading = fill(title, of_call(call))
    _fetch(call, sheet, large=pictures == "large")
    packed = _packed(call, options, sheet, heading) if originals else None
    _tell(call, sheet)
    return Outcome(_sentence(call, sheet), data=_page(call, sheet, heading, columns, packed))


def _with_preview(call: Call) -> list[tuple[Task, Record]]:
    """The tasks that have a preview, with its row; of the others it is said that they have none."""
    rows = last_previews(call)
    found = []
    for task in call.tasks:
        row = rows.get(task.last_preview.id) if task.last_preview else None
        if row is None:
            call.task_skipped(
                task, "It has no preview." if task.last_preview is None else "Its preview is gone from Kitsu."
            )
        else:
            found.append((task, row))
    return found


def _fetch(call: Call, sheet: Sheet, *, large: bool) -> None:
    """The pictures, some at a time, each kept with the invocation."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures") as pool:
        for start in range(0, len(sheet.shown), CHUNK):
            call.stop_if_cancelled()
            chunk = sheet.shown[start : start + CHUNK]
            found = pool.map(lambda pair: _picture(call, pair[1], large=large), chunk)
            for number, ((task, row), picture) in enumerate(zip(chunk, found, strict=True), start + 1):
                _keep(call, sheet, task, row, picture, number)
                call.progress(number, len(sheet.shown), "Fetching pictures")


def _picture(call: Call, row: Record, *, large: bool) -> bytes | KitsuError:
    try:
        return call.kitsu.thumbnail(row["id"], large=large)
    except OF_ONE_TASK as error:
        return error


def _keep(call: Call, sheet: Sheet, task: Task, row: Record, picture: bytes | KitsuError, number: int) -> None:
    about = f"{row.get('extension') or 'no file'}, {row.get('status') or 'no status'}"
    if isinstance(picture, KitsuError):
        sheet.trouble[task.id] = f"Kitsu gives no picture of its preview ({about}): {picture}"
        return
    kind = next((kind for begin, kind in PICTURES.items() if picture.startswith(begin)), None)
    if kind is None:
        sheet.trouble[task.id] = f"What Kitsu gives as picture of its preview ({about}) is none."
        return
    ending, content_type = kind
    sheet.pictures[task.id] = call.keep(f"{number:04}.{ending}", picture, content_type).url


def _packed(call: Call, options: Options, sheet: Sheet, heading: str) -> Kept | None:
    """The ZIP, written to the disk while the originals come in."""
    packed: list[str] = []
    name = Names().give(heading, "zip")
    kept = call.keep(name, zipped(_originals(call, options, sheet, packed)), "application/zip")
    return kept if packed else None


def _originals(call: Call, options: Options, sheet: Sheet, packed: list[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each original with its name, one at a time on the disk; what cannot be fetched is no part of it, and said."""
    names, left = Names(), options.most * MEGABYTE
    for number, (task, row) in enumerate(sheet.shown, 1):
        call.stop_if_cancelled()
        try:
            name = names.give(fill(options.names, of_task(call, task)), _ending(row))
            file = _fetched(call, row, left)
        except TooLarge:
            full = f"Its original does not fit into the ZIP: {options.most:,} MB are allowed, {left / MEGABYTE:,.1f} are left."
            sheet.trouble.setdefault(task.id, full)
        except (ActionError, *OF_ONE_TASK) as error:
            sheet.trouble.setdefault(task.id, f"Its original is not in the ZIP: {error}")
        else:
            left -= file.seek(0, 2)
            file.seek(0)
            packed.append(task.id)
            yield name, file
        call.progress(number, len(sheet.shown), "Packing originals")


def _fetched(call: Call, row: Record, largest: int) -> IO[bytes]:
    """An original in a file without a name: one that breaks off must not be in the ZIP."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever packs it
    try:
        for piece in call.kitsu.preview_content(row, largest):
            file.write(piece)
    except BaseException:
        file.close()
        raise
    return file


def _ending(row: Record) -> str:
    ending = str(row.get("extension") or "").lower()
    return ending if re.fullmatch(r"[a-z0-9]{1,10}", ending) else "bin"


def _tell(call: Call, sheet: Sheet) -> None:
    """Results at the end: a sheet that broke off is made anew, with all of its tasks."""
    for task, row in sheet.shown:
        if task.id in sheet.trouble:
            call.task_failed(task, sheet.trouble[task.id])
        else:
            call.task_done(task, f"Revision {row.get('revision')}.")


def _sentence(call: Call, sheet: Sheet) -> str:
    shown, missing = len(sheet.pictures), len(call.tasks) - len(sheet.pictures)
    text = f"{shown:,} picture{'' if shown == 1 else 's'}."
    return f"{text} {missing:,} task{'' if missing == 1 else 's'} without." if missing else text


def _page(call: Call, sheet: Sheet, heading: str, columns: int, packed: Kept | None) -> dict[str, Any]:
    return {
        "title": heading,
        "columns": columns,
        "cells": [_cell(call, sheet, task, row) for task, row in sheet.shown],
        "zip": {"url": packed.url, "name": packed.name, "size": f"{packed.size / MEGABYTE:,.1f} MB"}
        if packed
        else None,
    }


def _cell(call: Call, sheet: Sheet, task: Task, row: Record) -> dict[str, Any]:
    color = task.status.color
    return {
        "name": task.entity.path,
        "task_type": task.task_type.name,
        "status": task.status.name,
        "color": color if re.fullmatch(r"#[0-9a-fA-F]{6}", color) else "#808080",
        "revision": row.get("revision"),
        "picture": sheet.pictures.get(task.id, ""),
        "link": task_link(call.kitsu_url, task),
    }
