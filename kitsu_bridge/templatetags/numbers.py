"""Numbers as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(number: int) -> str:
    """`1048576` -> `1,048,576`."""
    return f"{number:,}"
