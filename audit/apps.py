"""The app of the record."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Invocations, their events, and the pages that show them."""

    name = "audit"
    verbose_name = "Log"

    def ready(self) -> None:
        """Hear of signing in, and tell metrics."""
        from audit import local_users, signals  # noqa: F401
        from audit.overview import measured  # noqa: F401
