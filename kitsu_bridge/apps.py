"""The wiring as an app: it registers the checks, and the parts that health looks at."""

from __future__ import annotations

from django.apps import AppConfig


class BridgeConfig(AppConfig):
    """Settings, Kitsu, and who is at the other end."""

    name = "kitsu_bridge"
    verbose_name = "Kitsu Bridge"

    def ready(self) -> None:
        """Register the system checks and the parts."""
        from kitsu_bridge import checks  # noqa: F401
        from kitsu_bridge.health import own  # noqa: F401
