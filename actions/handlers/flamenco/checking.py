"""What a Manager has against an action, before there is a task: known when the action is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.clients.flamenco import Flamenco, JobType
from actions.handlers.flamenco.building import FRAMES, known_of
from actions.handlers.flamenco.options import Options
from actions.handlers.flamenco.worked_out import WORKED_OUT


def wrong_on(manager: Flamenco, options: Options) -> Iterator[str]:
    """Every sentence; at their end the settings of the job type. Raises the farm's errors."""
    kind = known_of(manager, options).kind
    found = list(_wrong(kind, options))
    yield from found
    if found:
        yield kind.words


def _wrong(kind: JobType, options: Options) -> Iterator[str]:
    template = options.template
    yield from kind.unknown(template)
    if options.scene and kind[options.scene_key] is None:
        yield f"{kind.name} has no setting {options.scene_key!r} for the scene file."
    fixed = kind.read({key: value for key, value in template.items() if not _is_filled(value)})
    given = {*template, *([options.scene_key] if options.scene else []), FRAMES}
    for one in kind.settings:
        if one.key in fixed and (why := one.wrong(fixed[one.key])):
            yield f"{one.key}: {why}"
        elif one.required and one.default is None and one.key not in given and not _comes(kind, one.key):
            yield f"{one.key}: it is missing, and {kind.name} requires it."


def _is_filled(value: Any) -> bool:
    """Whether it depends on the task."""
    return not isinstance(value, bool | int | float | str) or (isinstance(value, str) and "{" in value)


def _comes(kind: JobType, key: str) -> bool:
    setting = kind[key]
    return setting is not None and setting.evaluated and key in WORKED_OUT
