"""What a handler gets and gives. Whoever writes a kind reads this page and no other.

In this order: what a handler raises; what it returns (`Outcome`, and `Plan` from its `preview`); what options and parameters are
hinted with (`Field`, the ids of Kitsu, `File`); what stands behind a call (`Desk`, `Report`); and the `Call` itself.

Nothing here knows Django, Celery or the record: a handler's test needs no database.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO, Literal, Protocol, TypeVar

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Missing, Resolution, Task

Level = Literal["info", "warning", "error"]
ResultState = Literal["done", "failed", "skipped"]
Then = Literal["show", "open", "download", "copy"]
Found = TypeVar("Found")


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
class Step:
    """What a run will do to one task; `blocked`: nothing, and the message says why; `same`: nothing, it is so already."""

    task: Task
    message: str
    blocked: bool = False
    same: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do, without having done it: a kind's `preview(call, ...)` returns it, with the arguments of its `run`."""

    message: str
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """What a type hint cannot say of an option or a parameter: `Annotated[int, Field(help="...", least=1)]`.

    `template`: it may hold variables such as `{entity_name}`, filled as text or as a URL; the admin checks their names.
    `accept` and `largest` bound a file: endings such as `.mov`, and bytes. `within` names another field, the choice of which
    narrows the choices of this one. `aliases` names the field in which lines such as `Lighting = lgt` give other names for
    Kitsu's; the admin tries the template with them. `hidden`: an option that no form shows, kept by `MoreOptions.kept`.
    """

    label: str = ""
    help: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False
    syntax: str = ""
    secret: bool = False
    template: Literal["", "text", "url", "json"] = ""
    accept: tuple[str, ...] = ()
    largest: int = 100 * 1024 * 1024
    within: str = ""
    aliases: str = ""
    placeholder: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MoreOptions:
    """What an action's form shows besides the options that a kind declares, found out from what they say so far.

    A kind's `more_options(values, settings)` returns it, with `values` as the form has them at this moment, be they right or
    wrong. The values of `fields` are kept as one object of JSON in the option `into`, beside what has no field there.
    """

    into: str
    title: str = ""
    said: str = ""
    """Above the fields: what was found out, or why nothing was."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """A type hint for each, as options have them: `Annotated[int | None, Field(label="Frames a task")]`."""
    offered: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Choices for options, by name: values and words."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """Values of hidden options, by name; those that it does not name stay as they were."""
    reads: Sequence[str] = ()
    """Options that it is found out from: where one of them changes, it is found out again."""


@dataclass(frozen=True, slots=True)
class Of:
    """Marks a text as the id of something in Kitsu, or the name of a secret or a check: forms offer what there is."""

    what: Literal[
        "person", "task_status", "task_type", "project", "playlist", "asset_type", "department", "secret", "check"
    ]


PersonId = Annotated[str, Of("person")]
StatusId = Annotated[str, Of("task_status")]
TaskTypeId = Annotated[str, Of("task_type")]
ProjectId = Annotated[str, Of("project")]
PlaylistId = Annotated[str, Of("playlist")]
AssetTypeId = Annotated[str, Of("asset_type")]
DepartmentId = Annotated[str, Of("department")]
SecretName = Annotated[str, Of("secret")]
CheckName = Annotated[str, Of("check")]
"""Hints for options and parameters: `status: StatusId`, `people: tuple[PersonId, ...] = ()`, `list: PlaylistId | None = None`.

The handler gets ids. A `SecretName` is a reference: `call.secret(name)` gives the secret itself.
"""

LongText = Annotated[str, Field(long=True)]
"""Text of several lines."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that the person gave with this run. It goes when the invocation goes."""

    name: str
    path: Path
    size: int
    content_type: str = ""

    def open(self) -> BinaryIO:
        """For reading."""
        return self.path.open("rb")

    @contextmanager
    def named(self) -> Iterator[Path]:
        """A path to it that has its name, for whatever goes by names; gone afterwards."""
        with TemporaryDirectory(prefix="named-") as folder:
            link = Path(folder, Path(self.name).name or "file")
            link.symlink_to(self.path.absolute())
            yield link


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that a handler made and the bridge keeps with the invocation. `url`: where people of its page get it."""

    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class About:
    """The invocation that a call is about: itself, or the one whose end it tells of. `url` is absolute where it is known."""

    id: str = ""
    url: str = ""
    action_name: str = ""
    state: str = ""
    message: str = ""


class Desk(Protocol):
    """What the bridge does for a running handler besides writing down its words."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The bridge's settings that kinds go by, such as `COMMAND_PROGRAMS`."""

    def secret(self, name: str) -> str:
        """A secret of the environment by the name that an option holds. Raises `ActionError` when there is none."""

    def keep(self, name: str, content: bytes | Path | Iterable[bytes], content_type: str) -> Kept:
        """Keep a file with the invocation. Raises `ActionError` when it is too large."""

    def drawer(self, of: type[Found]) -> Found:
        """A further ability of the bridge, by the protocol that describes it, such as `farms.contract.Farms`.

        Raises `ActionError` where there is none.
        """

    def ticket(self, content: Mapping[str, Any], minutes: int, *, same_address: bool = False) -> str:
        """The id of a one-time ticket for the person of this call, which a launcher exchanges for `content`.

        The link with its token is given by the page, to that person alone (`tickets/ticket.html`); nothing keeps it.
        `content`: `application` (a key of the launcher's settings), `arguments`, `files` (by `windows macos linux`, or "").
        """


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


class EmptyDesk:
    """Of a call that nothing stands behind, as in a test: it has no settings and no secrets, and keeps nothing."""

    settings: Mapping[str, Any] = {}

    def secret(self, name: str) -> str:
        """None is known."""
        raise ActionError(f"There is no secret {name!r}.")

    def keep(self, name: str, content: bytes | Path | Iterable[bytes], content_type: str) -> Kept:
        """Nothing is kept."""
        raise ActionError("Files cannot be kept here.")

    def drawer(self, of: type[Found]) -> Found:
        """It has none."""
        raise ActionError(f"There is no {of.__name__} here.")

    def ticket(self, content: Mapping[str, Any], minutes: int, *, same_address: bool = False) -> str:
        """None is given."""
        raise ActionError("Tickets cannot be given here.")


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
    desk: Desk = field(default_factory=EmptyDesk)
    about: About = About()
    done_before: frozenset[str] = frozenset()
    """Ids of tasks that an earlier attempt at this very invocation has done: a worker died in the middle."""
    tried_since: datetime | None = None
    """When it was tried for the first time, for a call that is a further attempt or a retry; else None. What was written to
    Kitsu since then may be this call's own: whoever writes what must not be written twice looks there first."""
    ends_at: float = math.inf
    """When the action's time limit ends it, on the clock of `time.monotonic()`."""
    begun: datetime | None = None
    """When it was tried for the first time, be it now: `{time}` is the same in every attempt."""
    _read: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

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

    @property
    def seconds_left(self) -> float:
        """Until the action's time limit ends it: who waits for something outside waits no longer."""
        return max(0.0, self.ends_at - time.monotonic())

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

    def each(self, text: str = "") -> Iterator[Task]:
        """The tasks one by one, without those done before; in between the progress is said and a wish to stop is heard."""
        for (task,) in self.chunks(1, text):
            yield task

    def chunks(self, size: int, text: str = "") -> Iterator[tuple[Task, ...]]:
        """The tasks in tuples of at most `size`, as `each` gives them."""
        todo = [task for task in self.tasks if task.id not in self.done_before]
        for start in range(0, len(todo), size):
            self.stop_if_cancelled()
            yield tuple(todo[start : start + size])
            self.progress(min(start + size, len(todo)), len(todo), text)

    def once(self, what: str, read: Callable[[], Found]) -> Found:
        """Read something once for the whole call: the first asking reads it, `what` names it from then on."""
        if what not in self._read:
            self._read[what] = read()
        found: Found = self._read[what]
        return found

    def secret(self, name: str) -> str:
        """A secret of the environment by the name that an option holds."""
        return self.desk.secret(name)

    def keep(self, name: str, content: bytes | Path | Iterable[bytes], content_type: str) -> Kept:
        """Keep a file with the invocation, for the people who may see its page."""
        return self.desk.keep(name, content, content_type)

    def task_done(self, task: Task, message: str = "", /, **data: Any) -> None:
        """This task went well."""
        self.report.result(task, "done", message, data)

    def task_failed(self, task: Task, message: str, /, **data: Any) -> None:
        """This task failed, and why."""
        self.report.result(task, "failed", message, data)

    def task_skipped(self, task: Task, message: str, /, **data: Any) -> None:
        """Nothing was to be done for this task, and why."""
        self.report.result(task, "skipped", message, data)
