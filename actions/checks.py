"""What `manage.py check` finds, each with an id and a cure."""

from __future__ import annotations

from typing import Any

from django.core import checks

from actions.kinds.sources import folder_trouble
from actions.registry import kinds


@checks.register()
def kinds_can_be_read(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A broken file does not take the bridge down, but somebody should hear of it."""
    return [
        checks.Warning(
            f"The kind {kind.name!r} is broken: {kind.complaint}",
            hint=f"Correct {kind.file}; its actions cannot run until then.",
            id="actions.W001",
        )
        for kind in kinds().values()
        if kind.error
    ]


@checks.register()
def folder_can_be_read(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A share that is not mounted takes nothing down either."""
    hint = "Mount it, correct KINDS_FOLDER, or unset it; actions of its kinds cannot run until then."
    trouble = folder_trouble()
    return [checks.Warning(trouble, hint=hint, id="actions.W002")] if trouble else []
