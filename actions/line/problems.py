"""A refusal in words: what arrived, what was understood, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a call does not run. Shown as a page to a browser, as `application/problem+json` (RFC 9457) to a program."""

    status: int
    code: str
    title: str
    detail: str
    cure: str
    arrived: Pairs = ()
    understood: Pairs = ()
    retry_after: int = 0

    @property
    def sentence(self) -> str:
        """For the record and the log."""
        return f"{self.title}. {self.detail} {self.cure}".replace("..", ".").strip()

    def as_json(self, instance: str) -> dict[str, Any]:
        """The body for a program; `instance` is the URL of the invocation's page."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "cure": self.cure,
            "code": self.code,
            "instance": instance,
            "arrived": dict(self.arrived),
            "understood": dict(self.understood),
        }


class Refusal(Exception):
    """A call that ends here, with its problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.sentence)


def refuse(status: int, code: str, title: str, detail: str, cure: str, **more: Any) -> Refusal:
    """A refusal to raise; the arguments are those of `Problem`."""
    return Refusal(Problem(status, code, title, detail, cure, **more))
