"""The badge that says how the record stands."""

from __future__ import annotations

from typing import Any

from django import template

from audit.seals.results import standing

register = template.Library()


@register.inclusion_tag("admin/seals/badge.html")
def seals_badge() -> dict[str, Any]:
    """When the last seal was made and checked; in red where the record is not as it was sealed."""
    return {"standing": standing()}
