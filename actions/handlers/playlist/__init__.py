"""Put what was last delivered for the selected tasks into a playlist: a new one, or one that is there.

Shots and assets, and several productions, become several playlists. Instead of the selection it may take the last retakes
of its productions, or all that waits for approval there, or make a playlist for each episode. What has no preview is left
out, and named. Kitsu lets supervisors and managers make playlists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from actions.contract import Call, Field, Outcome, Plan, PlaylistId, Step, TaskTypeId
from actions.handlers.playlist.drafts import Draft, Options, Wish, drafts_of, why_without
from actions.handlers.playlist.making import fill_playlist, tell_left_out, tell_others
from actions.registry import handler
from kitsu_bridge.kitsu.links import playlist_link
from kitsu_bridge.kitsu.playlists import PLAYED, Couple, couples


@handler(title="Playlist", entity_types=PLAYED)
def run(
    call: Call,
    options: Options,
    *,
    name: Annotated[
        str,
        Field(label="Name", template="text", help="Several playlists get what tells them apart behind it."),
    ] = "Review {date}",
    playlist: Annotated[PlaylistId | None, Field(label="Or add to", help="A playlist that is there already.")] = None,
    task_types: Annotated[
        tuple[TaskTypeId, ...],
        Field(label="Latest preview of", help="None: of the selected task itself."),
    ] = (),
    order: Annotated[
        Literal["selection", "name"],
        Field(label="Order", choices=(("selection", "As selected"), ("name", "By sequence and name"))),
    ] = "selection",
    for_client: Annotated[bool, Field(label="For the client")] = False,
) -> Outcome:
    """Decide what comes in, then make and fill each playlist, with a result for every task."""
    wish = Wish(options, name, playlist or "", task_types, order, for_client)
    drafts = drafts_of(call, wish)
    total, done = sum(len(draft.entries) for draft in drafts), 0
    for draft in drafts:
        tell_left_out(call, wish, draft)
        for ended in fill_playlist(call, wish, draft):
            done += ended
            call.progress(done, total, "Filling playlists")
    tell_others(call, drafts)
    return _outcome(call, drafts)


def preview(
    call: Call,
    options: Options,
    *,
    name: str = "Review {date}",
    playlist: str | None = None,
    task_types: tuple[str, ...] = (),
    order: str = "selection",
    for_client: bool = False,
) -> Plan:
    """Into which playlist each task comes, or why not."""
    wish = Wish(options, name, playlist or "", task_types, order, for_client)
    drafts = drafts_of(call, wish)
    steps = [Step(task, *_foreseen(draft, couple)) for draft in drafts for task, couple in draft.entries]
    steps += [Step(task, draft.barred or why_without(wish), blocked=True) for draft in drafts for task in draft.without]
    filled = [
        f"“{draft.name}” with {_entries(len({couple for _, couple in draft.entries}))}"
        for draft in drafts
        if draft.name
    ]
    return Plan(f"{', '.join(filled)}." if filled else "Nothing comes into a playlist.", steps)


def _foreseen(draft: Draft, couple: Couple) -> tuple[str, bool]:
    there = draft.row is not None and couple in couples(draft.row)
    words = f"It is in “{draft.name}” already." if there else f"Into “{draft.name}”"
    return draft.barred or words, bool(draft.barred)


def _outcome(call: Call, drafts: Sequence[Draft]) -> Outcome:
    made = [
        {
            "name": draft.row["name"],
            "link": playlist_link(call.kitsu_url, draft.project, draft.row),
            "project": draft.project.name,
            "of": PLAYED[draft.kind],
            "added": draft.added,
            "for_client": bool(draft.row.get("for_client")),
        }
        for draft in drafts
        if draft.row is not None and draft.ours | bool(draft.added)
    ]
    if not made:
        return Outcome("Nothing came into a playlist.", data={"playlists": []})
    names = " and ".join(f"“{one['name']}”" for one in made[:3]) + (
        f" and {len(made) - 3:,} more" if len(made) > 3 else ""
    )
    link = made[0]["link"] if len(made) == 1 else ""
    added = _entries(sum(draft.added for draft in drafts))
    return Outcome(
        f"{added} came into {names}.", {"playlists": made}, link=link, link_text="Open the playlist in Kitsu"
    )


def _entries(number: int) -> str:
    return f"{number:,} entr{'y' if number == 1 else 'ies'}"
