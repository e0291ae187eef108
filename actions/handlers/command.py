"""Start a program on the worker's machine with the selected tasks.

Off unless operators list programs in COMMAND_PROGRAMS. Each argument is a template of its own and reaches the program as it
is: no shell reads it. What the program writes is shown as it comes; its exit code is the result.
"""

from __future__ import annotations

import json
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from actions.clients.program import Ended, Job, Lines
from actions.clients.program import run as run_program
from actions.clients.secrets.hiding import Hidden
from actions.clients.secrets.references import lines_of, names_in, with_secrets
from actions.contract import ActionError, Call, Field, Outcome, Plan, Step
from actions.doing.interpreters import is_interpreter, refuse_code
from actions.doing.once_for import Came, once_for_all, once_for_each, steps_for_each
from actions.doing.telling import told
from actions.filling import fill, of_call, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

PATH = "/usr/local/bin:/usr/bin:/bin"
"""The one variable that a program gets besides those of the options."""

LINES = {"selection": 2_000, "task": 100}
"""Lines of a program's output that are kept."""

SHOWN = 2_000
"""Characters of a command line that are kept."""

ENDING = 15.0
"""Seconds before the action's time limit at which a program is ended, so that its end can still be told."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Options:
    """What is started, and how."""

    program: Annotated[
        str, Field(help="Its whole path, one of those in COMMAND_PROGRAMS.", placeholder="/usr/local/bin/make-dailies")
    ]
    arguments: Annotated[
        str,
        Field(
            long=True,
            template="text",
            help="One argument a line, with variables. A variable's value stays within its argument, whatever is in it.",
        ),
    ] = ""
    once_for: Annotated[
        Literal["selection", "task"],
        Field(label="One run for", choices=(("selection", "The whole selection"), ("task", "Each task"))),
    ] = "selection"
    folder: Annotated[
        str,
        Field(
            label="Working folder",
            template="text",
            help="In one of COMMAND_FOLDERS. Empty: a new empty folder, which is removed at the end.",
        ),
    ] = ""
    environment: Annotated[
        str, Field(long=True, help="One a line, such as “TOKEN={secret:TRACKER}”. Besides these there is only PATH.")
    ] = ""
    stdin: Annotated[
        bool, Field(label="Give the selection as JSON on standard input", help="As docs/call-url.md describes it.")
    ] = False
    seconds: Annotated[
        int, Field(label="Time limit", unit="seconds", least=1, most=86_400, help="Of one run; then it is ended.")
    ] = 600


@handler(title="Start a program")
def run(call: Call, options: Options) -> Outcome:
    """Start it, show what it writes, wait for its end."""
    _refuse(options, call.desk.settings)
    if not call.tasks:
        raise ActionError("None of the selected tasks is there.")
    runner = Runner(call, options)
    if options.once_for == "task":
        return Outcome(f"{once_for_each(call, 'Running', runner.ran):,} of {len(call.tasks):,} runs went well.")
    _, line, data = once_for_all(call, "It was run before.", runner.ran)
    return Outcome(line, data=data)


def preview(call: Call, options: Options) -> Plan:
    """The command lines, as a shell would have to be told them; nothing is started."""
    _refuse(options, call.desk.settings)
    if options.once_for == "task":
        return Plan("One run for each task.", steps_for_each(call, lambda task: _command_line(call, options, task)))
    return Plan(
        f"One run: {_command_line(call, options)}",
        [Step(task, "Is in the one run for the selection.") for task in call.tasks],
    )


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What the settings do not allow, or no program could be started with: known when the action is saved."""
    try:
        _refuse(options, settings)
    except ActionError as error:
        yield str(error)


def off(settings: Mapping[str, Any]) -> str:
    """Why nothing is started; empty when programs are listed."""
    if settings.get("COMMAND_PROGRAMS"):
        return ""
    return "Starting programs is off. Operators switch it on by listing programs in COMMAND_PROGRAMS."


def _refuse(options: Options, settings: Mapping[str, Any]) -> None:
    """Raises `ActionError` when this must not or cannot be started, whatever the tasks are."""
    if why := off(settings):
        raise ActionError(why)
    if options.program not in settings["COMMAND_PROGRAMS"]:
        raise ActionError(f"{options.program} is none of the programs that COMMAND_PROGRAMS lists.")
    _variables(options)
    if options.folder and not settings.get("COMMAND_FOLDERS"):
        raise ActionError("No working folder is allowed: COMMAND_FOLDERS lists none.")
    if is_interpreter(options.program):
        _refuse_code(options, _templates(options))


def _refuse_code(options: Options, templates: list[str]) -> None:
    """Nor must whoever names a shot say what an interpreter runs by giving its input."""
    refuse_code(templates)
    if options.stdin and _runs_its_input(options.program, templates):
        raise ActionError(
            f"{options.program} would run what it gets on standard input: the name of a shot would be a program. Write a script "
            "that reads it."
        )


def _runs_its_input(program: str, templates: list[str]) -> bool:
    """Whether nothing else is named for it to run."""
    named = [one for one in templates if not one.startswith("-") and not is_interpreter(one)]
    return not named or not {"-", "-s"}.isdisjoint(templates) or Path(program).name == "xargs"


def _templates(options: Options) -> list[str]:
    return [line for line in map(str.strip, options.arguments.splitlines()) if line]


def _variables(options: Options) -> list[tuple[str, str]]:
    found = lines_of(options.environment, "=")
    for name, _ in found:
        if not NAME.fullmatch(name):
            raise ActionError(f"“{name[:80]}” is no name of an environment variable.")
    return found


def _argv(call: Call, options: Options, task: Task | None = None) -> tuple[str, ...]:
    """Program and arguments for a task or the selection. Raises `ActionError` for a value that must not be given."""
    variables = of_task(call, task) if task else of_call(call)
    arguments = []
    for template in _templates(options):
        argument = fill(template, variables)
        if template.startswith("{") and argument.startswith("-"):
            raise ActionError(f"{template} is “{argument[:80]}” here, which the program would take for an option.")
        arguments.append(argument)
    return (options.program, *arguments)


def _folder(call: Call, options: Options, task: Task | None) -> str:
    """The working folder, where it really is: no link and no value leads out of the folders that are allowed."""
    wanted = Path(fill(options.folder, of_task(call, task) if task else of_call(call)))
    allowed = [Path(folder).resolve() for folder in call.desk.settings.get("COMMAND_FOLDERS", ())]
    real = wanted.resolve()
    if not wanted.is_absolute() or not any(real.is_relative_to(folder) for folder in allowed):
        raise ActionError(f"{wanted} is in none of the folders that COMMAND_FOLDERS lists.")
    if not real.is_dir():
        raise ActionError(f"There is no folder {wanted} on the worker's machine.")
    return str(real)


def _command_line(call: Call, options: Options, task: Task | None = None) -> str:
    """As a shell would have to be told it, where all is well with it. Raises `ActionError` where a run would."""
    within = f", in {_folder(call, options, task)}" if options.folder else ""
    return shlex.join(_argv(call, options, task))[:SHOWN] + within


class Runner:
    """Starts programs for one call; the secrets are read here, once."""

    def __init__(self, call: Call, options: Options) -> None:
        self.call, self.options = call, options
        secrets = [call.secret(name) for name in names_in(options.environment)]
        self._readable = Hidden(secrets)
        self._environment = {"PATH": PATH} | {
            name: with_secrets(value, call.secret) for name, value in _variables(options)
        }

    def ran(self, task: Task | None = None) -> Came:
        """Whether it went well, a line for a person, and what is kept for the page."""
        argv = _argv(self.call, self.options, task)
        prefix = f"{task.name}: " if task else ""
        lines = Lines(lambda text: self.call.log(prefix + text), LINES[self.options.once_for], self._readable)
        with self._in_folder(task) as folder:
            seconds = max(1.0, min(self.options.seconds, self.call.seconds_left - ENDING))
            job = Job(argv, folder, self._environment, self._stdin(task), seconds)
            ended = run_program(job, lines.hear, self.call.stop_if_cancelled)
        lines.ended()
        return ended.code == 0, self._line(ended, lines), self._kept(argv, folder, ended, lines)

    @contextmanager
    def _in_folder(self, task: Task | None) -> Iterator[str]:
        if self.options.folder:
            yield _folder(self.call, self.options, task)
            return
        with tempfile.TemporaryDirectory(prefix="kitsu-bridge-", ignore_cleanup_errors=True) as folder:
            yield folder

    def _stdin(self, task: Task | None) -> bytes:
        if not self.options.stdin:
            return b""
        return json.dumps(told(self.call, [task] if task else self.call.tasks)).encode()

    def _line(self, ended: Ended, lines: Lines) -> str:
        last = lines.last[-1:] if ended.code else []
        return " ".join([ended.words, *(f"Its last line: {line[:300]}" for line in last)])

    def _kept(self, argv: tuple[str, ...], folder: str, ended: Ended, lines: Lines) -> dict[str, Any]:
        return {
            "command": shlex.join(argv)[:SHOWN],
            "folder": folder if self.options.folder else "",
            "exit_code": ended.code,
            "seconds": round(ended.seconds, 3),
            "bytes": lines.size,
            "last_lines": lines.last,
        }
