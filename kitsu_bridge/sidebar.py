"""What stands at the side of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy

PAGES = {
    "Registry": (
        ("Actions", "bolt", "actions_action_changelist"),
        ("Kinds", "extension", "actions_kindswitch_changelist"),
        ("Tokens", "vpn_key", "actions_token_changelist"),
        ("Publish to Kitsu", "publish", "actions_action_buttons"),
        ("Schedules", "schedule", "actions_schedule_changelist"),
        ("Rules", "alt_route", "actions_rule_changelist"),
        ("Maintenance", "build", "actions_pause_changelist"),
    ),
    "Record": (
        ("Invocations", "list", "audit_invocation_changelist"),
        ("What rules did", "checklist", "actions_occasion_changelist"),
        ("Events", "history", "audit_event_changelist"),
        ("Seals", "verified", "audit_seal_changelist"),
        ("Retention", "auto_delete", "audit_retentionrule_changelist"),
        ("Erase a person", "person_off", "audit_erase"),
        ("Checks", "rule", "audit_verification_changelist"),
    ),
    "Emergency door": (("Local users", "key", "auth_user_changelist"),),
}
"""Part -> its pages: what they are called, their picture, the name of their address."""

NAVIGATION: list[dict[str, Any]] = [
    {
        "title": part,
        "items": [{"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")} for title, icon, name in pages],
    }
    for part, pages in PAGES.items()
]
"""The same as unfold wants it."""
