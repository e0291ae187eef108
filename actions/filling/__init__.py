"""Texts and URLs with variables such as `{entity_name}`, filled from a call and its tasks.

`fill("Review {project_name}", of_call(call))`; for one task `fill_url("https://track/{entity_name}", of_task(call, task))`.
"""

from __future__ import annotations

from actions.filling.addresses import TooLongAddress, fill_url, wrong_address
from actions.filling.aliases import aliases_of
from actions.filling.bodies import fill_json
from actions.filling.checking import problems
from actions.filling.mentions import calm
from actions.filling.of_tasks import last_previews
from actions.filling.texts import fill, fill_known
from actions.filling.variables import Variables, names, of_call, of_task

__all__ = [
    "TooLongAddress",
    "Variables",
    "aliases_of",
    "calm",
    "fill",
    "fill_json",
    "fill_known",
    "fill_url",
    "last_previews",
    "names",
    "of_call",
    "of_task",
    "problems",
    "wrong_address",
]
