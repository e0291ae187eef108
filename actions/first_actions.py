"""The actions that a new bridge begins with."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from actions.history import save_action
from actions.models import Action

LEADS = ["admin", "manager", "supervisor"]

FIRST: tuple[dict[str, Any], ...] = (
    {
        "name": "Debug view",
        "slug": "debug",
        "kind": "debug",
        "description": "Everything that can be known about the selected tasks, beside what Kitsu's page said.",
    },
    {
        "name": "Playlist",
        "kind": "playlist",
        "roles": LEADS,
        "description": "A playlist of the selection's latest previews.",
    },
    {
        "name": "Comment",
        "kind": "comment",
        "confirm_first": True,
        "type_count_above": 100,
        "description": "A comment on every selected task, with a status if you choose one.",
    },
    {
        "name": "Assign",
        "kind": "assign",
        "roles": LEADS,
        "confirm_first": True,
        "description": "Assigns people to the selected tasks.",
    },
    {
        "name": "Dates",
        "kind": "dates",
        "roles": LEADS,
        "confirm_first": True,
        "description": "Start, due date and estimate of the selected tasks; or all of them moved by days.",
    },
    {"name": "Casting", "kind": "casting", "description": "The breakdown of the selected shots."},
    {"name": "Contact sheet", "kind": "contact_sheet", "description": "The latest previews on a page to print."},
    {"name": "Export", "kind": "export", "description": "The selection as a table, or as an EDL or OTIO."},
    {"name": "Quality check", "kind": "check", "roles": LEADS, "description": "What is missing or contradicts itself."},
    {
        "name": "Statistics",
        "kind": "statistics",
        "description": "How the selected tasks stand, as charts and tables.",
    },
    {
        "name": "Debug view in the background",
        "slug": "debug-background",
        "kind": "debug",
        "background": True,
        "description": "The same, sent without a new tab: Kitsu shows nothing, the log has the result.",
    },
    {
        "name": "Debug view, asked first",
        "slug": "debug-asked",
        "kind": "debug",
        "confirm_first": True,
        "roles": LEADS,
        "description": "The same, for supervisors and managers, with a question before it runs.",
    },
)


def create_first_actions() -> int:
    """Create them where there is no action yet; how many were created."""
    if Action.objects.exists():
        return 0
    for number, fields in enumerate(FIRST, 1):
        placed = {"slug": slugify(fields["name"]), "order": 10 * number, "largest_selection": 5000}
        save_action(Action(**(placed | fields)), actor=None)
    return len(FIRST)
