"""Where the Manager keeps the last rendered picture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LARGEST = "last-rendered.jpg"
"""Of the three sizes; it has up to 1920 by 1080 pixels (internal/manager/last_rendered/last_rendered.go in 3.9-alpha)."""

PATH = re.compile(r"(/[A-Za-z0-9_-][\w.,~-]*)+")
"""A path on the Manager itself: no other server, and no part of it is a dot or two."""


def image_path(said: Mapping[str, Any]) -> str:
    """The path of the largest picture, from `{"base", "suffixes"}`; empty for what names none on the Manager."""
    base, suffixes = said.get("base"), said.get("suffixes")
    if not isinstance(base, str) or not isinstance(suffixes, list) or not suffixes:
        return ""
    path = f"{base.rstrip('/')}/{LARGEST if LARGEST in suffixes else suffixes[0]}"
    return path if PATH.fullmatch(path) else ""
