"""Decides what will be opened, for the preview and for the run alike; nothing is made yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import quote

from actions.clients.protocols import generic, rv, ticket, xstudio
from actions.clients.protocols.files import Clip, absolute, native, on_each
from actions.clients.protocols.launch import Clips, Launch, launches
from actions.clients.protocols.scheme import TooLong
from actions.contract import ActionError, Call
from actions.filling import TooLongAddress, Variables, fill, fill_url, of_call, of_task
from actions.handlers.open_app.options import Options
from kitsu_bridge.kitsu.tasks import Task

MOST_TICKETS = 50
"""Tickets of one call; more than that nobody clicks one by one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What will be opened for one task: its file on each system, and its own link where each task has one."""

    task: Task
    clips: Clips = field(default_factory=dict)
    launches: tuple[Launch, ...] = ()
    arguments: tuple[str, ...] | None = None
    """Of the launcher, where that starts it."""
    path: str = ""
    """As Kitsu or the action has it, for a person to read."""
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What will be opened: task by task, and in one link or by one start of the launcher for all."""

    found: list[Found]
    launches: tuple[Launch, ...] = ()
    arguments: tuple[str, ...] | None = None

    @property
    def ready(self) -> list[Found]:
        """The tasks with something to open."""
        return [one for one in self.found if not one.blocked]


def decide(call: Call, options: Options) -> Decision:
    """What each task will open, and what one link for all will."""
    found = []
    for number, task in enumerate(call.tasks, 1):
        call.stop_if_cancelled()
        found.append(_look(call, options, task))
        call.progress(number, len(call.tasks), "Looking for files")
    decision = Decision(found)
    return _join(call, options, decision) if options.together and decision.ready else _count_tickets(decision)


def _look(call: Call, options: Options, task: Task) -> Found:
    """The file of a task, and its own link where it has one; or why it has none."""
    found = Found(task)
    try:
        if not options.without_file:
            path = absolute(fill(options.file, of_task(call, task)))
            found = replace(found, path=native(path), clips=_clips(options, task, path))
        return found if options.together else _alone(call, options, found)
    except ActionError as error:
        return replace(found, blocked=str(error))


def _clips(options: Options, task: Task, path: str) -> Clips:
    if options.program == "rv":
        rv.readable(path)
    first, last = (_frame(task, "frame_in"), _frame(task, "frame_out")) if options.cut else (None, None)
    everywhere = on_each(path, options.storages, nowhere_else=options.nowhere_else)
    return {platform: Clip(one, first, last) for platform, one in everywhere.items()}


def _frame(task: Task, name: str) -> int | None:
    """Kitsu keeps frames as text or numbers, and takes any text."""
    said = str((task.entity.record.get("data") or {}).get(name) or "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 9 else None


def _alone(call: Call, options: Options, found: Found) -> Found:
    opened, arguments = _opened(options, [found.clips], of_task(call, found.task))
    return replace(found, launches=opened, arguments=arguments)


def _join(call: Call, options: Options, decision: Decision) -> Decision:
    """All files in one; what stands against that stands against each of them."""
    try:
        opened, arguments = _opened(options, [one.clips for one in decision.ready], of_call(call))
    except ActionError as error:
        return _all_blocked(decision, str(error))
    return replace(decision, launches=opened, arguments=arguments)


def _opened(
    options: Options, files: Sequence[Clips], variables: Variables
) -> tuple[tuple[Launch, ...], tuple[str, ...] | None]:
    """The links, or the arguments of the launcher where that starts it. Raises `ActionError`."""
    if options.program != "launcher":
        try:
            return _launches(options, files, variables), None
        except (TooLong, TooLongAddress) as error:
            if not options.launcher_when_long:
                raise ActionError(
                    f"{error} Or have your studio manager let long links go through the launcher."
                ) from None
    return (), _arguments(options, variables)


def _launches(options: Options, files: Sequence[Clips], variables: Variables) -> tuple[Launch, ...]:
    if options.without_file:
        return (Launch("", _address(options, variables, ())),)
    return launches(files, LINKS[options.program](options, variables))


Link = Callable[[Sequence[Clip]], str]

LINKS: dict[str, Callable[[Options, Variables], Link]] = {
    "rv": lambda options, _: partial(rv.url, options=rv.allowed_options(options.rv_options)),
    "xstudio": lambda _options, _: xstudio.url,
    "other": lambda options, variables: partial(_address, options, variables),
}


def _address(options: Options, variables: Variables, clips: Sequence[Clip]) -> str:
    template = options.address
    for clip in clips:
        template = template.replace("{path}", quote(clip.path, safe=""))
    return generic.checked(fill_url(template, variables), options.address)


def _arguments(options: Options, variables: Variables) -> tuple[str, ...]:
    return tuple(ticket.argument(fill(line, variables), line) for line in options.argument_lines)


def _count_tickets(decision: Decision) -> Decision:
    if sum(one.arguments is not None for one in decision.ready) <= MOST_TICKETS:
        return decision
    return _all_blocked(decision, f"The launcher starts at most {MOST_TICKETS} tasks one by one. Select fewer.")


def _all_blocked(decision: Decision, reason: str) -> Decision:
    return Decision([one if one.blocked else replace(one, blocked=reason) for one in decision.found])
