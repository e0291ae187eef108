"""The words for what a button in Kitsu is made of, as Kitsu's own page says them."""

from __future__ import annotations

from django import template

register = template.Library()

WORDS = {"name": "Name", "url": "URL", "entity_type": "Entity type", "is_ajax": "Use AJAX"}


@register.filter
def button_field(name: str) -> str:
    """`is_ajax` -> `Use AJAX`."""
    return WORDS.get(name, name)


@register.filter
def yes_or_no(value: object) -> object:
    """True and False in words; everything else as it is."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
