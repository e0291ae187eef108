"""The registry in the admin."""

from __future__ import annotations

from actions.admin.action import ActionAdmin
from actions.admin.kinds import KindAdmin
from actions.admin.maintenance import MaintenanceAdmin
from actions.admin.rules import OccasionAdmin, RuleAdmin
from actions.admin.schedules import ScheduleAdmin
from actions.admin.times import TimesAdmin
from actions.admin.tokens import TokenAdmin

__all__ = [
    "ActionAdmin",
    "KindAdmin",
    "MaintenanceAdmin",
    "OccasionAdmin",
    "RuleAdmin",
    "ScheduleAdmin",
    "TimesAdmin",
    "TokenAdmin",
]
