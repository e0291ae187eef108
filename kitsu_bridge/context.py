"""What every template may ask."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kitsu_bridge import __version__
from kitsu_bridge.kitsu.signin.identity import Identity
from kitsu_bridge.kitsu.signin.users import is_studio_manager


def studio(request: HttpRequest) -> dict[str, Any]:
    """Whether it is the sample studio, where Kitsu is, and who looks. Nothing is asked of Kitsu until a template does."""
    return {
        "sample_studio": not settings.KITSU_URL,
        "kitsu_url": settings.KITSU_PUBLIC_URL,
        "version": __version__,
        "identity": getattr(request, "identity", Identity()),
        "studio_manager": SimpleLazyObject(lambda: hasattr(request, "identity") and is_studio_manager(request)),
    }
