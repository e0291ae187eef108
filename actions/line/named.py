"""A person that an operator or a studio manager names: who a command, a schedule or a rule runs as.

Nobody of theirs clicked, and Kitsu confirmed no session. Who may type commands on the server, or edit the registry, may already
decide what the bridge does; so the person counts as proven, and the record says by whom they were named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.line.problems import refuse
from actions.line.who import Who, refresh_roles
from audit.states import Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.studio import studio


def who_is(name: str, task_ids: Sequence[str] = ()) -> Who:
    """The active person of this e-mail or id, with the roles that the tasks' productions give.

    Raises `Refusal` when Kitsu knows nobody of that name, `KitsuError` when it cannot be asked.
    """
    person = next((one for one in _active() if name.casefold() in {one.id, one.email.casefold()}), None)
    if person is None:
        raise refuse(
            403, "unknown_person", "Nobody knows this person", f"No active person in Kitsu is {name[:80]!r}.",
            "Give the e-mail with which they sign in to Kitsu.",
        )  # fmt: skip
    rows = studio().bot().tasks([one for one in task_ids if is_id(one)])
    return Who(refresh_roles(person, {row["project_id"] for row in rows}), Trust.PROVEN)


def _active() -> Iterable[Person]:
    people = (Person.from_record(row) for row in studio().bot().persons())
    return (person for person in people if person.active and person.id)
