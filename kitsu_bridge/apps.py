"""The wiring as an app: it registers the checks."""

from __future__ import annotations

from django.apps import AppConfig


class BridgeConfig(AppConfig):
    """Settings, Kitsu, and who is at the other end."""

    name = "kitsu_bridge"
    verbose_name = "Kitsu Bridge"

    def ready(self) -> None:
        """Register the system checks."""
        from kitsu_bridge import checks  # noqa: F401
