"""Nested data as a tree that opens and closes without a script."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
DEEPEST = 12
MOST = 200
"""Entries shown of one list or object; the download has them all."""


@register.simple_tag
def tree(data: Any) -> SafeString:
    """Field names beside values and their types; ids with a copy button."""
    return _nested(data, 0)


def _nested(data: Any, depth: int) -> SafeString:
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    shown = format_html_join("", "{}", ((_entry(key, value, depth),) for key, value in pairs[:MOST]))
    rest = len(pairs) - MOST
    more = format_html('<div class="soft">and {} more; the download has them</div>', rest) if rest > 0 else ""
    return format_html('<div class="tree">{}{}</div>', shown, more)


def _entry(key: Any, value: Any, depth: int) -> SafeString:
    if isinstance(value, dict | list) and value and depth < DEEPEST:
        return format_html(
            '<details{}><summary><span class="key">{}</span> <span class="type">{}</span></summary>{}</details>',
            " open" if depth == 0 and len(value) <= 12 else "",
            key,
            f"{len(value)} {'fields' if isinstance(value, dict) else 'entries'}",
            _nested(value, depth + 1),
        )
    return format_html(
        '<div data-text="{}"><span class="key">{}</span> {} <span class="type">{}</span></div>',
        f"{key} {value}",
        key,
        _plain(value),
        _type(value),
    )


def _plain(value: Any) -> SafeString:
    if isinstance(value, str) and ID.match(value):
        return format_html(
            '<code>{}</code> <button type="button" class="copy" data-copy="{}">Copy</button>', value, value
        )
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return format_html("<code>{}</code>", value)
    words = {None: "–", True: "yes", False: "no"}
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', value, value)
    if value is None or isinstance(value, bool):
        return format_html("<span>{}</span>", words[value])
    return format_html("<bdi>{}</bdi>", value if value != "" else "(empty)")


def _type(value: Any) -> str:
    names = {
        str: "text",
        int: "integer",
        float: "number",
        bool: "yes or no",
        type(None): "nothing",
        list: "list",
        dict: "object",
    }
    return names.get(type(value), type(value).__name__)
