"""The app of the actions."""

from __future__ import annotations

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """The registry, the doors, the gate and the line."""

    name = "actions"
    verbose_name = "Actions"

    def ready(self) -> None:
        """Register the system checks, the parts that health looks at, and what is told of changes."""
        from actions import checks, forgetting, status  # noqa: F401
        from actions.farms.contract import Farms
        from actions.farms.submitting import InvocationFarms
        from actions.kinds import reloading
        from actions.line import feedback, known  # noqa: F401
        from actions.listening.kept import older_occasions
        from actions.registered import all_actions
        from actions.schedules import changing  # noqa: F401
        from actions.worker import guards  # noqa: F401
        from actions.worker.desk import DRAWERS
        from audit.models import RetentionRule
        from audit.overview.registered import SOURCES
        from audit.retention.others import OTHERS

        DRAWERS[Farms] = InvocationFarms
        SOURCES.append(all_actions)
        OTHERS[RetentionRule.Part.OCCASIONS] = older_occasions
        reloading.begin()
