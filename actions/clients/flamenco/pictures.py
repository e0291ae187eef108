"""The last rendered picture: where the Manager keeps it, and whether what comes is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.farms.contract import Picture

LARGEST = "last-rendered.jpg"
"""Of the three sizes; it has up to 1920 by 1080 pixels (internal/manager/last_rendered/last_rendered.go in 3.9-alpha)."""

PATH = re.compile(r"(/[A-Za-z0-9_-][\w.,~-]*)+")
"""A path on the Manager itself: no other server, and no part of it is a dot or two."""

SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def image_path(said: Mapping[str, Any]) -> str:
    """The path of the largest picture, from `{"base", "suffixes"}`; empty for what names none on the Manager."""
    base, suffixes = said.get("base"), said.get("suffixes")
    if not isinstance(base, str) or not isinstance(suffixes, list) or not suffixes:
        return ""
    path = f"{base.rstrip('/')}/{LARGEST if LARGEST in suffixes else suffixes[0]}"
    return path if PATH.fullmatch(path) else ""


def picture_of(content: bytes) -> Picture | None:
    """A picture by what it begins with; None for anything else, such as a page that says it is gone."""
    kind = next((kind for beginning, kind in SIGNATURES if content.startswith(beginning)), "")
    return Picture(content, kind) if kind else None
