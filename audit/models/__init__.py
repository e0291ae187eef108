"""The record: invocations, their events, their task results, log lines and files."""

from __future__ import annotations

from audit.models.day import Day, DayCount, DayTime
from audit.models.event import Event, write_event
from audit.models.export import Export
from audit.models.farm_job import FarmJob
from audit.models.file import InvocationFile
from audit.models.invocation import Invocation
from audit.models.log_view import LogHabit, LogView
from audit.models.particulars import Particulars
from audit.models.result import LogLine, TaskResult
from audit.models.retention import Departure, RetentionRule
from audit.models.round import Round
from audit.models.seal import Seal, Verification

__all__ = [
    "Day",
    "DayCount",
    "DayTime",
    "Departure",
    "Event",
    "Export",
    "FarmJob",
    "Invocation",
    "InvocationFile",
    "LogHabit",
    "LogLine",
    "LogView",
    "Particulars",
    "RetentionRule",
    "Round",
    "Seal",
    "TaskResult",
    "Verification",
    "write_event",
]
