"""What `manage.py check` finds, each with an id and a cure."""

from __future__ import annotations

from typing import Any

from django.core import checks

from actions.registry import kinds


@checks.register()
def kinds_can_be_read(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A broken file does not take the bridge down, but somebody should hear of it."""
    return [
        checks.Warning(
            f"The kind {kind.name!r} is broken: {kind.error.strip().splitlines()[-1]}",
            hint=f"Correct actions/handlers/{kind.name}.py; its actions cannot run until then.",
            id="actions.W001",
        )
        for kind in kinds().values()
        if kind.error
    ]
