"""What a request asks to see: which production, narrowed to what, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest

from actions.figures import Figure, Production, Scope
from actions.figures.sight import Sight, sight_of
from audit.access import may_see
from audit.models import Invocation
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import Identity, identity_of
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.visibility import seen_by
from kitsu_bridge.secrets import fingerprint

SELECTION = "selection"
"""The parameter that names an invocation: figures of the tasks that it was about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request understood. Nothing is read yet. `chosen`: the invocation to whose tasks it is narrowed, if any."""

    identity: Identity
    person: Person
    scope: Scope
    sight: Sight
    chosen: Invocation | None = None

    @property
    def filters(self) -> dict[str, str]:
        """What was asked for by its parameters, but for the chosen tasks."""
        return replace(self.scope, task_ids=None).as_query()

    @property
    def query(self) -> str:
        """The filters as a link carries them. A thousand ids would not fit: an invocation stands for its tasks."""
        return urlencode(self.filters | ({SELECTION: str(self.chosen.pk)} if self.chosen else {}))

    @property
    def name(self) -> str:
        """Under what its reading is kept: for this person alone, with the roles that they have at this moment."""
        person, project_id = self.person, self.scope.project_id
        return fingerprint(person.id, person.role, person.role_in(project_id), person.timezone, project_id)

    @property
    def page_name(self) -> str:
        """Under what its figures are kept: the same, for these filters."""
        return fingerprint(self.name, self.query)

    def within(self, production: Production) -> Asked:
        """Without an episode or sequence that the production does not have: a form still holds those of another one."""
        scope, known = self.scope, production.entities
        episode_id = scope.episode_id if scope.episode_id in known else ""
        sequence_id = scope.sequence_id if scope.sequence_id in known else ""
        return replace(self, scope=replace(scope, episode_id=episode_id, sequence_id=sequence_id))

    def narrowed(self, production: Production) -> Production:
        """What figures are drawn from."""
        return production.within(self.within(production).scope)


def asked_of(request: HttpRequest) -> Asked:
    """What this request asks for. Raises 404 for a production that its person does not see."""
    return asked_as(identity_of(request), request.GET)


def asked_as(identity: Identity, query: Mapping[str, Any]) -> Asked:
    """What this person asks for. Raises 404 as `asked_of` does."""
    person = identity.person
    assert person is not None  # Behind `person_required`, or a proof.
    chosen = _chosen(identity, str(query.get(SELECTION) or ""))
    scope = replace(Scope.read(query), task_ids=frozenset(map(str, chosen.task_ids)) if chosen else None)
    if scope.project_id not in person.projects:
        raise Http404("There is no such production, or Kitsu does not show it to you.")
    sight = sight_of(person, scope.project_id)
    return Asked(identity, person, sight.narrowed(scope), sight, chosen)


def _chosen(identity: Identity, name: str) -> Invocation | None:
    """The invocation of this id. Raises 404 where there is none, or its page is not theirs to see."""
    if not name:
        return None
    try:
        found = Invocation.objects.filter(pk=UUID(name)).first()
    except ValueError:
        found = None
    if found is None or not may_see(identity, found):
        raise Http404("There is no such selection, or it is not yours to see.")
    return found


def session_of(identity: Identity) -> Kitsu:
    """Kitsu as its own pages show it to this person: for vendors Zou's list of a project has more (1.0.97)."""
    assert identity.person is not None
    if not identity.token:  # A program with a bridge token has no session of Kitsu's.
        return seen_by(studio().bot(), identity.person)
    return seen_by(studio().session(identity.token), identity.person, own=True)


def figure_of(asked: Asked, production: Production, slug: str) -> Figure:
    """One figure. Raises 404 for one that there is not, or not for this person."""
    reader = asked.sight.readers().get(slug)
    if reader is None:
        raise Http404("There is no such figure.")
    return reader(asked.narrowed(production))
