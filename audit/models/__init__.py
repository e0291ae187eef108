"""The record: invocations, their events, their task results and their log lines."""

from __future__ import annotations

from audit.models.event import Event, write_event
from audit.models.invocation import Invocation
from audit.models.result import LogLine, TaskResult

__all__ = ["Event", "Invocation", "LogLine", "TaskResult", "write_event"]
