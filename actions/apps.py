"""The app of the actions."""

from __future__ import annotations

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """The registry, the doors, the gate and the line."""

    name = "actions"
    verbose_name = "Actions"

    def ready(self) -> None:
        """Register the system checks, and what is told of changes."""
        from actions import checks, feedback, guards, known, reloading  # noqa: F401

        reloading.begin()
