"""The settings that kinds may read: those that FOR_KINDS names, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings


def settings_for_kinds() -> Mapping[str, Any]:
    """By name, as a kind's `wrong`, its `off` and its desk get them."""
    return MappingProxyType({name: getattr(settings, name) for name in settings.FOR_KINDS})
