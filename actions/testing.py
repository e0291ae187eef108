"""For tests of kinds: the sample studio, a call of one of its people, and whatever the kind said.

    from actions.testing import call_for, own_kind

    shout = own_kind("shout", beside=__file__)

    def test_it_works():
        sample = call_for("noa", tasks=3)
        outcome = sample.run(shout)
        assert len(sample.report.done) == 3

No database, no server and no settings are needed.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from actions.contract import (
    ActionError,
    Call,
    Found,
    Kept,
    Level,
    Outcome,
    Plan,
    ResultState,
    Selection,
)
from actions.kinds.folder import PACKAGE, open_folder
from actions.quality import has_checks
from actions.registry import Kind, kind_of
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.tasks import EntityKind, Task
from kitsu_bridge.kitsu.visibility import seen_by

UNKNOWN = "00000000-0000-4000-8000-{:012d}"
"""Ids of tasks that are in no Kitsu."""


@dataclass(slots=True)
class Result:
    """What a kind said of one task."""

    task: Task
    state: ResultState
    message: str
    data: dict[str, Any]


class CollectedReport:
    """What a kind said while it ran. After `stop_after` results the person asks to stop."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.results: dict[str, Result] = {}
        """By the task's id; said again, the later word counts."""
        self.lines: list[tuple[Level, str]] = []
        self.steps: list[tuple[int, int, str]] = []
        self._stop_after = stop_after

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return len(self.results) >= self._stop_after

    @property
    def done(self) -> list[Result]:
        """The tasks that went well."""
        return self._of("done")

    @property
    def failed(self) -> list[Result]:
        """The tasks that failed, each with its reason in `message`."""
        return self._of("failed")

    @property
    def skipped(self) -> list[Result]:
        """The tasks for which nothing was to be done."""
        return self._of("skipped")

    def _of(self, state: ResultState) -> list[Result]:
        return [result for result in self.results.values() if result.state == state]

    def log(self, text: str, level: Level) -> None:
        """Keep a line."""
        self.lines.append((level, text))

    def progress(self, done: int, total: int, text: str) -> None:
        """Keep a step."""
        self.steps.append((done, total, text))

    def result(self, task: Task, state: ResultState, message: str, data: Mapping[str, Any]) -> None:
        """Keep what became of a task."""
        self.results[task.id] = Result(task, state, message, dict(data))


@dataclass(slots=True)
class MemoryDesk:
    """A desk with the settings and secrets that a test gives; files are kept in memory."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    drawers: dict[type[Any], Any] = field(default_factory=dict)

    def secret(self, name: str) -> str:
        """One of those given."""
        if name not in self.secrets:
            raise ActionError(f"There is no secret {name!r}.")
        return self.secrets[name]

    def keep(self, name: str, content: bytes | Path | Iterable[bytes], content_type: str) -> Kept:
        """Keep a file: `files[name]` has its bytes."""
        if isinstance(content, Path):
            content = content.read_bytes()
        self.files[name] = content if isinstance(content, bytes) else b"".join(content)
        return Kept(name, f"/files/{name}", len(self.files[name]))

    def drawer(self, of: type[Found]) -> Found:
        """What a test has put into `drawers`."""
        if of not in self.drawers:
            raise ActionError(f"There is no {of.__name__} here.")
        return cast("Found", self.drawers[of])

    def ticket(self, content: Mapping[str, Any], minutes: int, *, same_address: bool = False) -> str:
        """Give a ticket: `tickets[ticket]` has its content."""
        ticket = f"ticket-{len(self.tickets) + 1}"
        self.tickets[ticket] = dict(content)
        return ticket


@dataclass(slots=True)
class SampleCall:
    """A call of somebody of the sample studio, with what stands around it."""

    call: Call
    studio: SampleStudio
    report: CollectedReport
    desk: MemoryDesk

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The selected tasks."""
        return self.call.tasks

    def run(self, kind: ModuleType, options: Any = None, **parameters: Any) -> Outcome:
        """Run the kind, with the defaults of its options unless some are given."""
        made = _kind(kind)
        assert made.run is not None
        return made.run(self.call, **_arguments(made, options, parameters))

    def preview(self, kind: ModuleType, options: Any = None, **parameters: Any) -> Plan:
        """What the kind says it would do."""
        made = _kind(kind)
        assert made.preview is not None, f"{made.name} has no preview."
        return made.preview(self.call, **_arguments(made, options, parameters))


def _kind(module: ModuleType) -> Kind:
    return kind_of(module.__name__.rpartition(".")[2], module)


def _arguments(kind: Kind, options: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    if kind.options_class is None:
        return parameters
    return {"options": kind.options_class() if options is None else options, **parameters}


def call_for(
    person: str = "ada",
    tasks: int | Iterable[str] = 3,
    *,
    entity_type: EntityKind | None = None,
    missing: int = 0,
    proven: bool = True,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    stop_after: int = 10**9,
    studio: SampleStudio | None = None,
    **more: Any,
) -> SampleCall:
    """A call of somebody of the sample studio: `ada` (studio manager), `hana` (production manager), `greta` (supervisor),
    `noa` (artist), `clara` (client), `pixelworks` (vendor).

    `tasks`: how many of those that they may see, or ids; `entity_type`: only tasks on such; `missing`: ids besides that
    are in no Kitsu. `proven`: with the person's own session, else the bot reads for them. `stop_after`: results after
    which the person cancels. `studio`: one to go on with. `more`: further fields of the `Call`, such as `done_before`.
    """
    studio = studio or SampleStudio()
    me, kitsu = _session(studio, f"{person}@sample.studio", proven)
    ids = (*_ids(studio, kitsu, tasks, entity_type), *(UNKNOWN.format(number) for number in range(missing)))
    report = CollectedReport(stop_after)
    desk = MemoryDesk(settings or {}, secrets or {})
    given: dict[str, Any] = {
        "invocation_id": "11111111-1111-4111-8111-111111111111",
        "person": me,
        "proven": proven,
        "selection": Selection(ids, me.id, me.email),
        "resolution": resolve(kitsu, ids, reader=studio.bot),
        "kitsu": kitsu,
        "report": report,
        "kitsu_url": "https://kitsu.sample.studio",
        "desk": desk,
    }
    return SampleCall(Call(**(given | more)), studio, report, desk)


def _session(studio: SampleStudio, email: str, proven: bool) -> tuple[Person, Kitsu]:
    """The person with their roles in productions, and what they may see, as a worker has both."""
    own = studio.session_of(email)
    roles = dict(own.context().get("project_roles") or {})
    row = own.whoami()
    person = Person.from_record(row)
    person.project_roles.update(roles)
    return person, seen_by(own if proven else studio.bot(), person)


def _ids(
    studio: SampleStudio, kitsu: Kitsu, tasks: int | Iterable[str], entity_type: EntityKind | None
) -> tuple[str, ...]:
    if not isinstance(tasks, int):
        return tuple(tasks)
    bot = studio.bot()
    every = [row["id"] for project in bot.projects() for row in bot.project_tasks(project["id"])]
    found = [task.id for task in resolve(kitsu, every) if entity_type in (None, task.entity.kind)]
    assert len(found) >= tasks, f"There are only {len(found)} such tasks in the sample studio."
    return tuple(found[:tasks])


def own_kind(name: str, *, beside: str) -> ModuleType:
    """The module of a studio's own kind or checks, read as the bridge reads it: `own_kind("shout", beside=__file__)`.

    It stands in the folder of the test, or in the one above. Raises what the bridge would show as its error.
    """
    here = Path(beside).resolve().parent
    folder = next((one for one in (here, here.parent) if (one / f"{name}.py").is_file()), None)
    assert folder is not None, f"There is no {name}.py in {here} nor in {here.parent}."
    package = sys.modules.get(PACKAGE)
    if package is None or list(package.__path__) != [str(folder)]:
        open_folder(folder)
    module = importlib.import_module(f"{PACKAGE}.{name}")
    if not has_checks(module):  # A file of quality checks is no kind.
        kind_of(name, module)
    return module
