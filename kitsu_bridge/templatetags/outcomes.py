"""What of an outcome may stand in a page."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from django import template

register = template.Library()

UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
"""Signs that browsers drop or turn into a slash (the URL Standard of WHATWG), so that they read another address than we do."""


@register.filter
def safe_link(url: object) -> str:
    """A web address or a path of ours; nothing for `javascript:` and its like, which a template would not escape."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if UNREADABLE.search(text) or "@" in parts.netloc:
        return ""
    within = not parts.scheme and text.startswith("/") and not parts.netloc
    return text if within or (parts.scheme in {"http", "https"} and parts.netloc) else ""


@register.filter
def with_share(url: str, share: str) -> str:
    """A path of ours with what a shared link carries, so that whoever may read the page gets its files as well."""
    if not share or not url.startswith("/"):
        return url
    return f"{url}{'&' if '?' in url else '?'}share={quote(share, safe='')}"
