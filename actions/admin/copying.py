"""A copy of an action, to begin another one with."""

from __future__ import annotations

from actions.models import Action


def copy_of(found: Action) -> Action:
    """The same again under another name and slug, switched off and without a button."""
    number = next(n for n in range(1, 10_000) if not Action.objects.filter(slug=_slug(found, n)).exists())
    fields = {
        **found.definition(),
        "name": f"Copy of {found.name}"[:80],
        "slug": _slug(found, number),
        "enabled": False,
    }
    return Action(**fields)


def _slug(found: Action, number: int) -> str:
    return f"{found.slug[:70]}-copy{'' if number == 1 else f'-{number}'}"
