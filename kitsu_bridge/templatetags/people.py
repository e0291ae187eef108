"""How people are shown: their initials, and their role in Kitsu's words."""

from __future__ import annotations

from django import template

register = template.Library()

ROLE_NAMES = {
    "admin": "Studio manager",
    "manager": "Production manager",
    "supervisor": "Supervisor",
    "user": "Artist",
    "client": "Client",
    "vendor": "Vendor",
}
"""Kitsu's own words for its roles (its English texts, `people.role` in Kitsu 1.0.56)."""


@register.filter
def initials(name: str) -> str:
    """`Ada Okafor` -> `AO`."""
    letters = [next((c for c in word if c.isalnum()), "") for word in str(name).split()]
    found = [letter for letter in letters if letter]
    return (found[0] + (found[-1] if len(found) > 1 else "")).upper() if found else "?"


@register.filter
def role(code: str) -> str:
    """`admin` -> `Studio manager`."""
    return ROLE_NAMES.get(str(code), str(code))
