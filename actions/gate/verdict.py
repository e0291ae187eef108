"""What the gate says: yes, or no and why, in words for the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.line.problems import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is empty for yes. `retry_after`: seconds, where waiting helps."""

    code: str = ""
    reason: str = ""
    cure: str = ""
    retry_after: int = 0

    def __bool__(self) -> bool:
        return not self.code

    @property
    def problem(self) -> Problem:
        """The same as an answer: 429 where waiting helps, 413 for too many tasks, else 403."""
        status = 429 if self.retry_after else 413 if self.code == "too_many_tasks" else 403
        return Problem(
            status, self.code, "This action does not run", self.reason, self.cure, retry_after=self.retry_after
        )


ALLOWED = Verdict()


def first_no(verdicts: Iterable[Verdict]) -> Verdict:
    """The first verdict that says no, else yes."""
    return next((verdict for verdict in verdicts if not verdict), ALLOWED)
