"""Sentences about variables on a page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def coded(sentence: str) -> SafeString:
    """What stands between backticks, as code."""
    parts = str(sentence).split("`")
    pieces = (format_html("<code>{}</code>" if n % 2 else "{}", part) for n, part in enumerate(parts))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
