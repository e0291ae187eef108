"""Open the selected tasks' files in a program on the person's own computer.

RV and xSTUDIO open all files at once. Any other program opens through an address of its own (mrv2://open?path={path}), or
through the studio's launcher, a small program for every workstation (deploy/desktop): it gets a ticket that works once, starts
only what its own settings allow, and says on the page how far it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from actions.clients.protocols.launch import Clips, paths
from actions.contract import ActionError, Call, Outcome, Plan, Step
from actions.handlers.open_app.deciding import Decision, decide
from actions.handlers.open_app.options import Options
from actions.registry import handler


@handler(title="Open in a program", opens_in_browser=True)
def run(call: Call, options: Options) -> Outcome:
    """Make the links, or the tickets for the launcher; the page opens them."""
    decision = decide(call, options)
    if not decision.ready:
        _tell(call, options, decision)
        raise ActionError(_nothing(decision))
    data: dict[str, Any] = {"title": options.title, "advice": options.advice}
    data["launches"] = [asdict(one) for one in decision.launches]
    if decision.arguments is not None:
        _give_ticket(call, options, decision.arguments, [one.clips for one in decision.ready])
    _tell(call, options, decision)
    return Outcome(_sentence(options, decision), data=data)


def preview(call: Call, options: Options) -> Plan:
    """Which file each task would open, and which has none."""
    decision = decide(call, options)
    steps = [
        Step(one.task, one.blocked or one.path or "Nothing but the address.", bool(one.blocked))
        for one in decision.found
    ]
    return Plan(_sentence(options, decision) if decision.ready else _nothing(decision), steps)


def _tell(call: Call, options: Options, decision: Decision) -> None:
    """The result of each task, with its link; the launcher's tickets for single tasks are made here."""
    for one in decision.found:
        if one.blocked:
            call.task_failed(one.task, one.blocked)
            continue
        if one.arguments is not None:
            _give_ticket(call, options, one.arguments, [one.clips])
        call.task_done(one.task, one.path, files=paths([one.clips]), launches=[asdict(each) for each in one.launches])


def _give_ticket(call: Call, options: Options, arguments: Sequence[str], files: Sequence[Clips]) -> None:
    content: Mapping[str, Any] = {
        "application": options.application,
        "arguments": list(arguments),
        "files": {} if options.without_file else paths(files),
    }
    call.desk.ticket(content, options.minutes, same_address=options.same_address)


def _sentence(options: Options, decision: Decision) -> str:
    ready, launched = len(decision.ready), decision.arguments is not None
    title = f"{options.application}, through the launcher" if launched else options.title
    blocked = len(decision.found) - ready
    what = f"{ready:,} task{'' if ready == 1 else 's'}"
    return f"{what} to open in {title}." + (f" {blocked:,} cannot be opened." if blocked else "")


def _nothing(decision: Decision) -> str:
    reasons = {one.blocked for one in decision.found}
    if len(reasons) == 1:
        return f"Nothing can be opened. {reasons.pop()}"
    return "None of these tasks has a file that can be opened; the reasons stand beside them."
