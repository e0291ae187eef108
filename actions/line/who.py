"""Who asks, and how sure that is. The answer for every door; nothing of it reaches the database but names and ids."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.cache import cache

from actions.contract import Selection
from actions.gate.scope import Scope
from actions.line.problems import Refusal, refuse
from audit.states import Trust
from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

PEOPLE_CACHED = 60
"""Seconds. As long as a proof (design: at most 60)."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person and the trust in it; `token` is theirs where they are proven. `scope`: of the bridge token, if it was one."""

    person: Person
    trust: Trust
    token: str = field(default="", repr=False)
    scope: Scope | None = None


def agree(selection: Selection, person: Person) -> None:
    """What a payload claims must agree with the proof. Raises `Refusal` for a contradiction."""
    claims = (
        (selection.person_id, person.id, "id"),
        (selection.person_email, person.email, "e-mail"),
    )
    for said, true, what in claims:
        if said and said.casefold() != true.casefold():
            raise _contradiction(
                f"The call says its person has the {what} {said}, but Kitsu knows you as {person.name}."
            )


def claimed(selection: Selection) -> Who:
    """The person that a payload names: active in Kitsu, with this id and this e-mail.

    Raises `Refusal` when there is no such person, `KitsuUnavailable` when nobody can say.
    """
    person = _people().get(selection.person_id.lower())
    same = person is not None and person.email.casefold() == selection.person_email.casefold() != ""
    if person is None or not same or not person.active or person.is_bot:
        raise refuse(
            403,
            "unknown_person",
            "Nobody knows this person",
            "No active person in Kitsu has this id and this e-mail.",
            "Reload Kitsu's page and run the action again.",
        )
    return Who(person, Trust.CLAIMED)


def refresh_roles(person: Person, project_ids: set[str]) -> Person:
    """The same person with the roles that these productions give; read with the bot's right, for who has no own session."""
    from dataclasses import replace

    roles = dict(person.project_roles)
    for project_id in project_ids - set(roles):
        team = {row["id"]: row.get("project_role") for row in studio().bot().team(project_id)}
        if role := team.get(person.id):
            roles[project_id] = role
    return replace(person, project_roles=roles)


def _people() -> dict[str, Person]:
    found: dict[str, Person] | None = cache.get("people")
    if found is None:
        try:
            rows = studio().bot().persons()
        except KitsuUnavailable:
            raise
        except KitsuError as error:
            raise KitsuUnavailable(str(error)) from error
        found = {row["id"]: Person.from_record(row) for row in rows}
        cache.set("people", found, PEOPLE_CACHED)
    return found


def _contradiction(detail: str) -> Refusal:
    return refuse(
        403,
        "contradiction",
        "The call contradicts the proof",
        detail,
        "Reload Kitsu's page, so that both are signed in as the same person, and run the action again.",
    )
