"""Who somebody is in Kitsu at this moment, read with the bridge's own account: for calls that bring no session of Kitsu's."""

from __future__ import annotations

from dataclasses import replace

from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable, NotInKitsu
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.proof import KEPT, keep, kept
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.secrets import fingerprint

GONE = "gone"


def standing_of(person_id: str) -> Person | None:
    """The person with their productions and the roles in them, as of the last minute; None when Kitsu has no such account.

    Raises `KitsuUnavailable` when nobody can say.
    """
    key = f"standing:{fingerprint(person_id)}"
    found = kept(key)
    if found is None:
        found = _read(person_id) or GONE
        keep(key, found, KEPT)
    return found if isinstance(found, Person) else None


def _read(person_id: str) -> Person | None:
    try:
        bot = studio().bot()
        row = next((row for row in bot.persons() if row["id"] == person_id), None)
        return _with_productions(bot, Person.from_record(row)) if row else None
    except KitsuUnavailable:
        raise
    except KitsuError as error:
        raise KitsuUnavailable(f"The bridge's own account cannot read it: {error}") from error


def _with_productions(kitsu: Kitsu, person: Person) -> Person:
    projects = [row["id"] for row in kitsu.open_projects()]
    if person.is_studio_manager:
        return replace(person, projects=frozenset(projects))
    found, roles = set(), {}
    for project_id in projects:
        try:
            rows = kitsu.team(project_id)
        except NotInKitsu:
            continue  # It was closed or deleted a moment ago.
        row = next((row for row in rows if row["id"] == person.id), None)
        if row is not None:
            found.add(project_id)
            if role := row.get("project_role"):
                roles[project_id] = role
    return replace(person, projects=frozenset(found), project_roles=roles)
