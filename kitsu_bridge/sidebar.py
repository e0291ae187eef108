"""What stands at the side of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy

PAGES = {
    "Registry": (
        ("Actions", "bolt", "admin:actions_action_changelist"),
        ("Kinds", "extension", "admin:actions_kindswitch_changelist"),
        ("Tokens", "vpn_key", "admin:actions_token_changelist"),
        ("Publish to Kitsu", "publish", "admin:actions_action_buttons"),
        ("Schedules", "schedule", "admin:actions_schedule_changelist"),
        ("Rules", "alt_route", "admin:actions_rule_changelist"),
        ("Maintenance", "build", "admin:actions_pause_changelist"),
    ),
    "Record": (
        ("Invocations", "list", "admin:audit_invocation_changelist"),
        ("What rules did", "checklist", "admin:actions_occasion_changelist"),
        ("Events", "history", "admin:audit_event_changelist"),
        ("Seals", "verified", "admin:audit_seal_changelist"),
        ("Retention", "auto_delete", "admin:audit_retentionrule_changelist"),
        ("Erase a person", "person_off", "admin:audit_erase"),
        ("Checks", "rule", "admin:audit_verification_changelist"),
    ),
    "Emergency door": (("Local users", "key", "admin:auth_user_changelist"),),
    "Pages of the bridge": (
        ("Log", "receipt_long", "log"),
        ("Overview", "monitoring", "overview"),
        ("Playground", "sports_esports", "playground"),
    ),
}
"""Part -> its pages: what they are called, their picture, the name of their address."""


class Here:
    """Whether a page of the admin is the one that a link leads to, or below it: the closest link of all is, and no other."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, request: HttpRequest) -> bool:
        """Unfold asks it for each link. (Left to itself it would light up both “Actions” and “Publish to Kitsu”, below it.)"""
        above = [name for pages in PAGES.values() for _, _, name in pages if request.path.startswith(reverse(name))]
        return bool(above) and self.name == max(above, key=lambda name: len(reverse(name)))


NAVIGATION: list[dict[str, Any]] = [
    {
        "title": part,
        "items": [
            {"title": title, "icon": icon, "link": reverse_lazy(name), "active": Here(name)}
            for title, icon, name in pages
        ],
    }
    for part, pages in PAGES.items()
]
"""The same as unfold wants it."""
