"""What must be known of events to fit rules to them, read with the bot's right, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kitsu_bridge.kitsu.events import KitsuEvent
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio


@dataclass(frozen=True, slots=True)
class Facts:
    """The tasks of some events, the people, and the bridge's own account."""

    tasks: dict[str, Record]
    of_preview: dict[str, str]
    people: dict[str, Person]
    bot: Person

    def task_of(self, event: KitsuEvent) -> str:
        """The id of the task that an event is about; empty where that is not known."""
        return event.task_id or self.of_preview.get(event.preview_id, "")


def read_facts(events: Sequence[KitsuEvent]) -> Facts:
    """For these events. Raises a `KitsuError`."""
    kitsu = studio().bot()
    previews = _previews(kitsu, events)
    ids = {event.task_id or previews.get(event.preview_id, "") for event in events} - {""}
    return Facts(
        tasks={row["id"]: row for row in kitsu.tasks(sorted(ids))} if ids else {},
        of_preview=previews,
        people={row["id"]: Person.from_record(row) for row in kitsu.persons()} if events else {},
        bot=Person.from_record(kitsu.whoami()),
    )


def _previews(kitsu: Kitsu, events: Sequence[KitsuEvent]) -> dict[str, str]:
    ids = {event.preview_id for event in events if not event.task_id} - {""}
    return {row["id"]: row["task_id"] for row in kitsu.preview_files(sorted(ids))} if ids else {}
