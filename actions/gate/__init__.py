"""The one gate that authorizes, for every door, in two halves: at the door, and in the worker."""

from __future__ import annotations

from actions.gate.door import at_the_door, before_proof, rate
from actions.gate.scope import Scope
from actions.gate.tasks import for_the_tasks
from actions.gate.verdict import ALLOWED, Verdict

__all__ = ["ALLOWED", "Scope", "Verdict", "at_the_door", "before_proof", "for_the_tasks", "rate"]
