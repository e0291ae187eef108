"""Whose work somebody's figures are about: leads see everybody's, artists and vendors their own, clients how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from actions.figures import FIGURES
from actions.figures.figure import Figure
from actions.figures.production import Production
from actions.figures.scope import Scope
from kitsu_bridge.kitsu.people import Person

LEADS = frozenset({"admin", "manager", "supervisor"})

FOR_CLIENTS = ("status", "episodes")
"""Kitsu blanks everything else that figures count before it shows a task to a client (kitsu_bridge/kitsu/visibility.py)."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What figures a person gets of a production. `only`: the id of the one person whose tasks they count; empty for all."""

    figures: tuple[str, ...]
    only: str = ""

    @classmethod
    def of_everything(cls) -> Sight:
        """All figures, about everybody."""
        return cls(tuple(FIGURES))

    def narrowed(self, scope: Scope) -> Scope:
        """The scope as far as it goes for them."""
        return replace(scope, person_id=self.only) if self.only else scope

    def draw(self, production: Production) -> list[Figure]:
        """Their figures of a production that was narrowed, in the order of the page."""
        return [figure(production) for figure in self.readers().values()]

    def readers(self) -> Mapping[str, Callable[[Production], Figure]]:
        """The functions of their figures, by slug."""
        return {slug: FIGURES[slug] for slug in self.figures if slug in FIGURES}


def sight_of(person: Person, *project_ids: str) -> Sight:
    """Of these productions together. Both roles count, the studio's and each production's: whoever is a client or a vendor
    by one of them is one here.
    """
    own = {person.role_in(project_id) for project_id in project_ids}
    if "client" in {person.role, *own}:
        return Sight(FOR_CLIENTS)
    if "vendor" in {person.role, *own} or not own <= LEADS:
        return Sight(tuple(FIGURES), only=person.id)
    return Sight.of_everything()
