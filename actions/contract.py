"""What a handler gets and gives. Whoever writes a kind reads this page and no other.

Nothing here knows Django, Celery or the record: a handler's test needs no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Missing, Resolution, Task

Level = Literal["info", "warning", "error"]
ResultState = Literal["done", "failed", "skipped"]
Then = Literal["show", "open", "download", "copy"]


class ActionError(Exception):
    """Something that the person can act on. The text is shown as it is: `ActionError("Select at least one shot.")`."""


class Cancelled(BaseException):
    """Raised within a handler when the person cancelled. Not an `Exception`, so that `except Exception` lets it pass."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A payload understood: who says they clicked, where, and on which tasks. Nothing in it is proven."""

    task_ids: tuple[str, ...]
    person_id: str = ""
    person_email: str = ""
    project_id: str = ""
    entity_type: str = ""
    path: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: one line for a person, data for the page, and what the browser should do.

    `then`: `show` the page; `open` or `download` the URL in `target`; `copy` the text in `target`.
    `link` is offered on the page, named `link_text`.
    """

    message: str
    data: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    link_text: str = ""
    then: Then = "show"
    target: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """What a type hint cannot say of an option or a parameter: `Annotated[int, Field(help="...", least=1)]`."""

    label: str = ""
    help: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False
    syntax: str = ""
    secret: bool = False


class Report(Protocol):
    """Where a running handler's words go. The worker writes them into the record; a test collects them."""

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop."""

    def log(self, text: str, level: Level) -> None:
        """One line for the page."""

    def progress(self, done: int, total: int, text: str) -> None:
        """How far it is."""

    def result(self, task: Task, state: ResultState, message: str, data: Mapping[str, Any]) -> None:
        """What became of one task."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler is called with: who, which tasks (already read from Kitsu), and the means to report.

    `person` is None only for a call that no person made. `kitsu` reads and writes with the person's right where they are
    proven, and never shows more than Kitsu would show them.
    """

    invocation_id: str
    person: Person | None
    proven: bool
    selection: Selection
    resolution: Resolution
    kitsu: Kitsu
    report: Report
    kitsu_url: str = ""
    """Where people open Kitsu in their browsers; empty in the sample studio."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The selected tasks, in the order in which they were selected."""
        return self.resolution.tasks

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The selected ids that stand for nothing this person may see."""
        return self.resolution.missing

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop; `stop_if_cancelled` is the shorter way."""
        return self.report.cancelled

    def stop_if_cancelled(self) -> None:
        """Between two steps of a long work: end here when the person asked to stop."""
        if self.report.cancelled:
            raise Cancelled

    def log(self, text: str, level: Level = "info") -> None:
        """A line on the page, as it happens."""
        self.report.log(text, level)

    def progress(self, done: int, total: int, text: str = "") -> None:
        """How far it is: `done` of `total`, and at what."""
        self.report.progress(done, total, text)

    def task_done(self, task: Task, message: str = "", /, **data: Any) -> None:
        """This task went well."""
        self.report.result(task, "done", message, data)

    def task_failed(self, task: Task, message: str, /, **data: Any) -> None:
        """This task failed, and why."""
        self.report.result(task, "failed", message, data)

    def task_skipped(self, task: Task, message: str, /, **data: Any) -> None:
        """Nothing was to be done for this task, and why."""
        self.report.result(task, "skipped", message, data)
