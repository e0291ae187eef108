"""Where an afserver keeps the last thumbnail that a render made of a job's images."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PATH = re.compile(r"(/[\w.,=+@#~-]+)+", re.ASCII)
"""A path that afserver gives as it stands; it gives nothing outside of its own store, and no path with `..` in it."""


def thumbnail_path(job: Mapping[str, Any]) -> str:
    """Empty where there is none yet, or none that can be asked for, as that of an image with a space in its name.

    A thumbnail is made of what a block has as its files, or what its parser saw saved (services/service.py in 3.4.1).
    """
    path = job.get("thumb_path")
    return path if isinstance(path, str) and PATH.fullmatch(path) else ""
