"""Deciding what comes into which playlist: the preview and the run share it, so that they never disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from actions.contract import ActionError, Call, Field
from actions.doing.rights import rights_of
from actions.filling import fill, of_task
from kitsu_bridge.kitsu.deliveries import Flag, latest_previews, tasks_in_status
from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.order import in_order
from kitsu_bridge.kitsu.playlists import PLAYED, Couple, fitting, kind_of
from kitsu_bridge.kitsu.tasks import Named, Task

NOT_YOURS = "Kitsu lets supervisors and managers of the production make playlists."
NOT_YOUR_LIST = "Kitsu lets managers change this playlist, and the supervisor who made it."


WITHOUT = "It comes in with the latest preview of its entity, or with none. Else it is left out, and named."

Content = Literal["selection", "retakes", "waiting", "episodes"]
CONTENTS = (
    ("selection", "The selected tasks"),
    ("episodes", "The selected tasks, one playlist for each episode"),
    ("retakes", "The last retakes of the selected productions"),
    ("waiting", "All that waits for approval in the selected productions"),
)
FLAGS: dict[str, Flag] = {"retakes": "is_retake", "waiting": "is_feedback_request"}
"""The flag of the statuses that such tasks stand in."""


@dataclass(frozen=True)
class Options:
    """What an administrator sets once."""

    content: Annotated[Content, Field(label="What comes in", choices=CONTENTS)] = "selection"
    days: Annotated[
        int,
        Field(label="How old a retake may be", unit="days", help="By its task's last comment.", least=1, most=90),
    ] = 7
    without_preview: Annotated[bool, Field(label="Also without preview", help=WITHOUT)] = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the administrator set and the person asked for."""

    options: Options
    name: str
    playlist: str
    task_types: tuple[str, ...]
    order: str
    for_client: bool


Entry = tuple[Task, Couple]
"""A task and what of it comes in."""


@dataclass(slots=True)
class Draft:
    """A playlist to be: of one production, one kind of entity and, where wanted, one episode.

    `barred`: why nothing comes in. `row`: the playlist in Kitsu, once there is one; `ours`: an attempt of this call made it.
    """

    project: Named
    kind: str
    episode: Named | None
    name: str = ""
    entries: list[Entry] = field(default_factory=list)
    without: list[Task] = field(default_factory=list)
    barred: str = ""
    row: Record | None = None
    ours: bool = False
    added: int = 0

    @property
    def ready(self) -> bool:
        """Whether anything comes in."""
        return bool(self.entries) and not self.barred


def drafts_of(call: Call, wish: Wish) -> list[Draft]:
    """The decisions that the preview and the run share."""
    tasks = _chosen(call, wish)
    own, each = wish.options.content in FLAGS, wish.options.content == "episodes" and not wish.playlist
    previews = latest_previews(call.kitsu, tasks, () if own else wish.task_types)
    drafts: dict[tuple[str, str, str], Draft] = {}
    for task in in_order(tasks) if wish.order == "name" else tasks:
        episode = task.entity.episode if each else None
        key = (task.project.id, task.entity.kind, episode.id if episode else "")
        draft = drafts.setdefault(key, Draft(task.project, task.entity.kind, episode))
        if task.id in previews or wish.options.without_preview:
            draft.entries.append((task, (task.entity.id, previews.get(task.id, {}).get("id", ""))))
        else:
            draft.without.append(task)
    existing = _existing(call, wish, drafts.values())
    for draft in drafts.values():
        draft.row, draft.barred = existing, _barred(call, draft, existing)
    _name(call, wish, [draft for draft in drafts.values() if draft.ready])
    return list(drafts.values())


def _chosen(call: Call, wish: Wish) -> Sequence[Task]:
    """The selected tasks, or those of their productions that stand as it is wanted."""
    flag = FLAGS.get(wish.options.content)
    if flag is None:
        return call.tasks
    first = (call.tried_since or datetime.now(UTC)) - timedelta(days=wish.options.days)
    since = first if flag == "is_retake" else None
    projects = {task.project.id: task.project.name for task in call.tasks}
    found = tasks_in_status(call.kitsu, projects, flag, task_types=wish.task_types, since=since)
    if not found:
        what = f"is on retake since {first:%Y-%m-%d}" if since else "waits for approval"
        raise ActionError(f"No task of {' and '.join(projects.values())} {what}.")
    return found


def _existing(call: Call, wish: Wish, drafts: Iterable[Draft]) -> Record | None:
    """The playlist that was named; a person names it by its id, whichever production it is of."""
    if not wish.playlist:
        return None
    for project_id in dict.fromkeys(draft.project.id for draft in drafts):
        with suppress(NotInKitsu, KitsuForbids):
            return call.kitsu.playlist(project_id, wish.playlist)
    raise ActionError("The playlist to add to is not in the production of the selected tasks, or not any more.")


def _barred(call: Call, draft: Draft, existing: Record | None) -> str:
    """Why nothing of this production and kind comes in; empty when it may."""
    if draft.kind not in PLAYED:
        return f"Kitsu has no playlists of {draft.kind}s."
    rights = rights_of(call)
    if existing is None:
        return "" if rights is None or rights.reviews(draft.project.id) else NOT_YOURS
    if (existing["project_id"], kind_of(existing)) != (draft.project.id, draft.kind):
        return f"“{existing['name']}” is for {PLAYED.get(kind_of(existing))} of its own production."
    return "" if rights is None or rights.changes_playlist(existing) else NOT_YOUR_LIST


def _name(call: Call, wish: Wish, drafts: Sequence[Draft]) -> None:
    """Each its name, with what tells it from the others behind it where the name itself does not."""
    projects, kinds = {draft.project.id for draft in drafts}, {draft.kind for draft in drafts}
    for draft in drafts:
        base = fill(wish.name, of_task(call, draft.entries[0][0])).strip()
        if not base:
            raise ActionError("Give the playlist a name.")
        parts = [
            draft.project.name if len(projects) > 1 else "",
            draft.episode.name if draft.episode else "",
            PLAYED[draft.kind] if len(kinds) > 1 else "",
        ]
        apart = ", ".join(part for part in parts if part and part not in base)
        draft.name = draft.row["name"] if draft.row else fitting(base, f" ({apart})" if apart else "")


def why_without(wish: Wish) -> str:
    """Why a task is left out."""
    return "It has no preview of these task types." if wish.task_types else "It has no preview."
