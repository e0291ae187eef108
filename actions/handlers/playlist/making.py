"""Making and filling a playlist: looking first what an earlier attempt made, and telling what became of each task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.contract import Call
from actions.doing.changing import GONE, written_since
from actions.handlers.playlist.drafts import Draft, Entry, Wish, why_without
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, NotInKitsu
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import playlist_link
from kitsu_bridge.kitsu.playlists import Couple, couples, create_numbered, kind_of, place
from kitsu_bridge.kitsu.tasks import Task

AT_ONCE = 100
"""Entries added in one request; between two the person can cancel."""


def tell_left_out(call: Call, wish: Wish, draft: Draft) -> None:
    """What does not come in, and why."""
    for task in draft.without:
        call.task_skipped(task, draft.barred or why_without(wish))
    for task, _ in draft.entries if draft.barred else ():
        call.task_failed(task, draft.barred)


def tell_others(call: Call, drafts: Sequence[Draft]) -> None:
    """The selected tasks that only say which production is meant: said last, so that a retry of what broke off has them."""
    told = {task.id for draft in drafts for task in (*draft.without, *(one for one, _ in draft.entries))}
    for task in call.tasks:
        if task.id not in told:
            call.task_skipped(task, "It was selected for its production.")


def fill_playlist(call: Call, wish: Wish, draft: Draft) -> Iterator[int]:
    """Make it where it is not there, and add what is not in it; yields how many tasks came to an end."""
    todo = [entry for entry in draft.entries if entry[0].id not in call.done_before]
    if not todo or not draft.ready:
        return
    try:
        draft.row = draft.row or _ours(call, draft) or _made(call, wish, draft)
    except (KitsuForbids, KitsuRefuses, NotInKitsu) as error:
        yield _fail(call, todo, str(error))
        return
    there = couples(draft.row)
    for start in range(0, len(todo), AT_ONCE):
        call.stop_if_cancelled()
        yield _add(call, draft, todo[start : start + AT_ONCE], there)


def _ours(call: Call, draft: Draft) -> Record | None:
    """The playlist that an earlier attempt of this call has made already.

    A retry may have fewer tasks, so that nothing need tell it apart from others: the beginning of the name is enough, with
    the production, the kind, the moment and that nobody else made it.
    """
    if call.tried_since is None:
        return None
    others = {row["id"] for row in call.kitsu.persons() if not row.get("is_bot")} - {
        call.person.id if call.person else ""
    }
    base = draft.name.partition(" (")[0]
    found = [
        row
        for row in call.kitsu.playlists(draft.project.id)
        if written_since(call, row["created_at"])
        and row["name"].startswith(base)
        and kind_of(row) == draft.kind
        and row.get("created_by") not in others
        and (draft.episode is None or row.get("episode_id") == draft.episode.id)
    ]
    if not found:
        return None
    draft.ours = True
    return call.kitsu.playlist(draft.project.id, min(found, key=lambda row: str(row["created_at"]))["id"])


def _made(call: Call, wish: Wish, draft: Draft) -> Record:
    """A new one, of one task type where all its tasks are: then Kitsu shows their status in it."""
    types = {task.task_type.id for task, _ in draft.entries}
    data = {
        "name": draft.name,
        "project_id": draft.project.id,
        "for_entity": draft.kind,
        "for_client": wish.for_client,
        **place(draft.project, [task.entity.episode for task, _ in draft.entries]),
        **({"task_type_id": types.pop()} if len(types) == 1 and not wish.task_types else {}),
    }
    draft.ours = True
    return create_numbered(call.kitsu, data)


def _add(call: Call, draft: Draft, entries: Sequence[Entry], there: set[Couple]) -> int:
    """Add these, and tell what became of each. `there` grows."""
    assert draft.row is not None
    alive = {row["id"] for row in call.kitsu.tasks([task.id for task, _ in entries])}
    new = dict.fromkeys(couple for task, couple in entries if task.id in alive and couple not in there)
    try:
        if new:
            wanted = [{"entity_id": entity, "preview_file_id": preview or None} for entity, preview in new]
            before, draft.row = draft.row, call.kitsu.add_to_playlist(draft.row["id"], wanted)
            draft.added += len(draft.row["shots"]) - len(before["shots"] or ())
            there |= couples(draft.row)
    except (KitsuForbids, KitsuRefuses, NotInKitsu) as error:
        return _fail(call, entries, str(error))
    for task, couple in entries:
        _tell(call, draft, task, alive=task.id in alive, new=couple in new, there=couple in there)
    return len(entries)


def _tell(call: Call, draft: Draft, task: Task, *, alive: bool, new: bool, there: bool) -> None:
    name = draft.row["name"] if draft.row else draft.name
    if not alive:
        call.task_failed(task, GONE)
    elif not there:
        call.task_failed(task, "Kitsu did not take it: its preview may have been deleted meanwhile.")
    elif not new and not draft.ours:
        call.task_skipped(task, f"It is in “{name}” already.")
    else:
        link = playlist_link(call.kitsu_url, draft.project, draft.row or {})
        call.task_done(task, f"In “{name}”", playlist=name, link=link)


def _fail(call: Call, entries: Sequence[Entry], why: str) -> int:
    for task, _ in entries:
        call.task_failed(task, why)
    return len(entries)
