"""Who may see an invocation: its owner, supervisors and managers of its productions, studio managers.

And the browser that made the call, before anybody knows whose it is: it sees where the call stands, and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from audit import once
from audit.models import Invocation
from audit.states import State, Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import Identity, identity_of
from kitsu_bridge.kitsu.signin.users import local_superuser

LEADS = frozenset({"manager", "supervisor"})
HELD_BACK = frozenset({"vendor", "client"})
"""Roles from which Kitsu keeps some tasks, or some of what is known of a task (kitsu_bridge/kitsu/visibility.py)."""

CALL_KEPT = timedelta(hours=24)
SHARE_KEPT = timedelta(days=7)
SALT_CALL, SALT_SHARE = "kitsu-bridge.call", "kitsu-bridge.share"


def may_see(identity: Identity, invocation: Invocation) -> bool:
    """Whether this person may see everything of it.

    A lead must be one in *every* production of it, else its page would show another production's tasks.
    """
    person = identity.person
    if person is None:
        return False
    return person.is_studio_manager or owns(person, invocation) or _leads(person, invocation)


def may_look_into(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether they may read its whole record, and not only what came of it: no shared link and no browser is enough."""
    return local_superuser(request) or may_see(identity_of(request), invocation)


def leads(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether they lead every production of it, or are a studio manager: how an action is set up is for those."""
    person = identity_of(request).person
    return local_superuser(request) or (person is not None and (person.is_studio_manager or _leads(person, invocation)))


def owns(person: Person, invocation: Invocation) -> bool:
    """Whether it is this person's own: as Kitsu confirmed, or as the call claimed and the person proved since."""
    return bool(invocation.trust) and invocation.person_id.lower() == person.id.lower()


def joined(identity: Identity, invocation: Invocation) -> bool:
    """Whether a call of this person joined it: then they may read how it goes, and do nothing else with it.

    Unless its page tells more than Kitsu would tell them: of other productions, or of what vendors and clients do not see.
    """
    person = identity.person
    if person is None or not all(_sees_all_of(person, project) for project in invocation.project_ids):
        return False
    mine = Invocation.objects.filter(behind=invocation, state=State.JOINED, trust=Trust.PROVEN)
    return mine.filter(person_id=person.id).exists()


def _sees_all_of(person: Person, project_id: str) -> bool:
    return project_id in person.projects and HELD_BACK.isdisjoint({person.role, person.role_in(project_id)})


def _leads(person: Person, invocation: Invocation) -> bool:
    projects = invocation.project_ids
    return bool(projects) and all(project in led_by(person) for project in projects)


def led_by(person: Person) -> set[str]:
    """The productions that this person supervises or manages, by the role that each gives them."""
    return {project for project in person.projects if person.role_in(project) in LEADS}


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the log somebody may see: everything, or their own and the productions that they lead."""

    person_id: str = ""
    led: tuple[str, ...] = ()
    everything: bool = False

    def covers(self, other: Self) -> bool:
        """Whether whoever sees so sees at least as much as the other."""
        same = self.person_id == other.person_id and not other.everything
        return self.everything or (same and set(self.led) >= set(other.led))

    def as_json(self) -> dict[str, Any]:
        """For a row that a worker reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As `as_json` gave it."""
        return cls(kept["person_id"], tuple(kept["led"]), bool(kept["everything"]))


def sight_of(request: HttpRequest) -> Sight:
    """What this request's person may see; nothing for nobody."""
    person = identity_of(request).person
    if local_superuser(request):
        return Sight(person.id if person else "", everything=True)
    return sight_of_person(person) if person is not None else Sight()


def sight_of_person(person: Person) -> Sight:
    """What this person may see, whichever way they come."""
    return Sight(person.id, tuple(sorted(led_by(person))), person.is_studio_manager)


def visible_to(request: HttpRequest) -> QuerySet[Invocation]:
    """All invocations that this request's person may see, newest first."""
    return visible_with(sight_of(request))


def visible_with(sight: Sight) -> QuerySet[Invocation]:
    """All invocations that are seen so, newest first."""
    rows = Invocation.objects.order_by("-received_at", "-id")
    if sight.everything:
        return rows
    if not sight.person_id:
        return rows.none()
    mine = Q(person_id=sight.person_id) & ~Q(trust=Trust.NONE)
    return rows.filter(mine | within(list(sight.led))) if sight.led else rows.filter(mine)


def within(projects: list[str]) -> Q:
    """Invocations that are about some of these productions and no other; the same as `_leads` asks of one."""
    if connection.vendor == "postgresql":
        return Q(project_ids__contained_by=projects) & ~Q(project_ids=[])
    column = '"audit_invocation"."project_ids"'
    marks = ", ".join(["%s"] * len(projects))
    others = f"SELECT 1 FROM json_each({column}) WHERE value NOT IN ({marks})"  # noqa: S608 - nothing but marks goes in
    return Q(RawSQL(f"{column} <> '[]' AND NOT EXISTS ({others})", projects, BooleanField()))  # noqa: S611


def remember_call(response: HttpResponseBase, invocation: Invocation) -> None:
    """Let the browser that made the call see where it stands, and do what comes of it: cookies for that one page."""
    response.set_cookie(
        _cookie(invocation),
        signing.dumps(str(invocation.pk), salt=SALT_CALL),
        max_age=CALL_KEPT,
        path=invocation.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    once.allow(response, invocation, CALL_KEPT)


def made_here(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether this browser made the call."""
    kept = request.COOKIES.get(_cookie(invocation), "")
    return _signed(kept, SALT_CALL, CALL_KEPT) == str(invocation.pk)


def share_token(invocation: Invocation) -> str:
    """What a link carries that lets its holder read this one invocation for seven days."""
    return signing.dumps(str(invocation.pk), salt=SALT_SHARE)


def shared(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether the link that was followed was shared by somebody who may."""
    return _signed(request.GET.get("share", ""), SALT_SHARE, SHARE_KEPT) == str(invocation.pk)


def _signed(text: str, salt: str, age: timedelta) -> str:
    try:
        return str(signing.loads(text, salt=salt, max_age=age)) if text else ""
    except signing.BadSignature:
        return ""


def _cookie(invocation: Invocation) -> str:
    return f"call_{invocation.pk.hex}"
