"""Who, of all people of the studio, may consent to a call or start it for somebody: read from Kitsu with the bot's right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions.approvals.rules import leads, may_decide
from actions.models import Approval
from audit.models import Invocation
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio


def who_may_decide(invocation: Invocation, approval: Approval) -> list[Person]:
    """By name. Raises `KitsuError`."""
    return _people(invocation, lambda person: may_decide(person, invocation, approval.departments))


def who_leads(invocation: Invocation) -> list[Person]:
    """Those to whom a prepared run can be handed, by name; never its own person. Raises `KitsuError`."""
    own = invocation.person_id.lower()
    return _people(invocation, lambda person: person.id.lower() != own and leads(person, invocation))


def person_of(invocation: Invocation, person_id: str) -> Person | None:
    """One of the studio, with the roles that count for this call. Raises `KitsuError`."""
    return next(iter(_people(invocation, lambda person: person.id == person_id)), None)


def _people(invocation: Invocation, fits: Callable[[Person], bool]) -> list[Person]:
    bot = studio().bot()
    roles: dict[str, dict[str, str]] = {}
    for project_id in invocation.project_ids:
        for row in bot.team(project_id):
            roles.setdefault(row["id"], {})[project_id] = row.get("project_role") or row.get("role") or ""
    everybody = (Person.from_record(row) for row in bot.persons())
    placed = (_placed(person, roles.get(person.id, {})) for person in everybody if person.active and not person.is_bot)
    return sorted(filter(fits, placed), key=lambda person: person.name.casefold())


def _placed(person: Person, roles: dict[str, str]) -> Person:
    return replace(person, project_roles={key: role for key, role in roles.items() if role}, projects=frozenset(roles))
