"""What ids are called, as the latest invocation of each says. The figures keep ids alone: an erased name is gone here too."""

from __future__ import annotations

from collections.abc import Iterable

from audit.models import Invocation

MOST = 200
"""Names that are looked up for one table; beyond it the id stands for itself."""


def actions_called(slugs: Iterable[str]) -> dict[str, str]:
    """Names of actions by slug."""
    return {slug: str(_latest("action_slug", slug, "action_name") or slug) for slug in list(slugs)[:MOST] if slug}


def people_called(ids: Iterable[str]) -> dict[str, str]:
    """Names of people by id."""
    return {one: str(_latest("person_id", one, "person_name") or one) for one in list(ids)[:MOST] if one}


def productions_called(ids: Iterable[str]) -> dict[str, str]:
    """Names of productions by id; one that was only ever used with others keeps its id."""
    found = {one: _latest("scope", one, "project_names") for one in list(ids)[:MOST] if one}
    return {one: str(names[0]) if isinstance(names, list) and names else one for one, names in found.items()}


def _latest(field: str, value: str, name: str) -> object:
    rows = Invocation.objects.filter(**{field: value}).order_by("-received_at", "-id")
    return rows.values_list(name, flat=True).first()
