"""What of an outcome may stand in a page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template

register = template.Library()


@register.filter
def safe_link(url: object) -> str:
    """A web address or a path of ours; nothing for `javascript:` and its like, which a template would not escape."""
    text = str(url or "").strip()
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return ""
    return text if scheme in {"http", "https"} or (not scheme and text.startswith("/") and text[:2] != "//") else ""
