"""Starts programs on the worker's machine, hears what they write, and leaves none behind."""

from __future__ import annotations

from actions.clients.program.lines import Lines
from actions.clients.program.running import Ended, Job, run

__all__ = ["Ended", "Job", "Lines", "run"]
