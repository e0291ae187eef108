"""The actions that a new bridge begins with."""

from __future__ import annotations

from typing import Any

from actions.history import save_action
from actions.models import Action

FIRST: tuple[dict[str, Any], ...] = (
    {
        "name": "Debug view",
        "slug": "debug",
        "kind": "debug",
        "description": "Everything that can be known about the selected tasks, beside what Kitsu's page said.",
        "order": 10,
    },
    {
        "name": "Debug view in the background",
        "slug": "debug-background",
        "kind": "debug",
        "background": True,
        "description": "The same, sent without a new tab: Kitsu shows nothing, the log has the result.",
        "order": 20,
    },
    {
        "name": "Debug view, asked first",
        "slug": "debug-asked",
        "kind": "debug",
        "confirm_first": True,
        "roles": ["admin", "manager", "supervisor"],
        "description": "The same, for supervisors and managers, with a question before it runs.",
        "order": 30,
    },
)


def create_first_actions() -> int:
    """Create them where there is no action yet; how many were created."""
    if Action.objects.exists():
        return 0
    for fields in FIRST:
        save_action(Action(**fields, largest_selection=5000), actor=None)
    return len(FIRST)
