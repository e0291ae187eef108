"""Open the selected tasks in Kabaret, as by libreflow.

By a link, which the browser hands to a small program of the person's computer (deploy/kabaret); or in the Kabaret that they have
running, through Redis, where the plugin of deploy/kabaret says what it did. Where nobody answers, the page has the link.
Actions in the background reach a running Kabaret only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from actions.clients.kabaret import Line, Unopened, line
from actions.clients.protocols.launch import Launch
from actions.contract import ActionError, Call, Outcome, Plan, Step
from actions.handlers.kabaret.deciding import Found, decide, login_of
from actions.handlers.kabaret.options import Options
from actions.registry import handler


@handler(title="Open in Kabaret")
def run(call: Call, options: Options) -> Outcome:
    """Give the links, or have the running Kabaret open them."""
    found = decide(call, options)
    for one in found:
        if one.blocked:
            call.task_failed(one.task, one.blocked)
    if all(one.blocked for one in found):
        raise ActionError(_nothing(found))
    message = WAYS[options.mode](call, options, {one.task.id: one for one in found if not one.blocked})
    blocked = sum(bool(one.blocked) for one in found)
    data = {"advice": options.advice, "link_first": options.mode == "link", "launches": []}
    return Outcome(message + (f" {blocked:,} cannot be opened." if blocked else ""), data=data)


def preview(call: Call, options: Options) -> Plan:
    """The oid of each task, and which has none."""
    found = decide(call, options)
    steps = [Step(one.task, one.blocked or one.oid, bool(one.blocked)) for one in found]
    ready = sum(not one.blocked for one in found)
    if not ready:
        return Plan(_nothing(found), steps)
    return Plan(f"{_tasks(ready)} to open in Kabaret{_where(call, options)}.", steps)


def only_in_browser(options: Options) -> str:
    """Why these options need the person's tab; empty where they do not."""
    if options.mode == "session":
        return ""
    return (
        "A link opens in the browser, and Kitsu throws away what AJAX answers. Only the running Kabaret can be reached."
    )


def _links(call: Call, options: Options, ready: dict[str, Found]) -> str:
    for task in call.each("Making links"):
        if one := ready.get(task.id):
            call.task_done(task, one.oid, **_link(one))
    return f"{_tasks(len(ready))} to open in Kabaret."


def _in_session(call: Call, options: Options, ready: dict[str, Found]) -> str:
    """Open them in the person's session; whatever stands against all of them is found out once."""
    try:
        user = login_of(call, options)
        with line(options.redis or call.secret(options.redis_secret), options.cluster, options.wait) as kabaret:
            return _opened(call, options, ready, kabaret, user)
    except ActionError as error:  # Redis is away, or the login or the secret is missing; the link needs none of them.
        return _offered(call, ready, str(error))


def _opened(call: Call, options: Options, ready: dict[str, Found], kabaret: Line, user: str) -> str:
    done, silent, view = 0, "", options.view
    for task in call.each("Opening"):
        one = ready.get(task.id)
        if one is None:
            continue
        try:
            if silent:
                raise Unopened(silent)
            opened = kabaret.open(one.oid, user, view)
            done, view = done + 1, "new"
            call.task_done(task, f"{opened.oid} is open in {opened.session}.")
        except Unopened as error:
            silent = str(error)
            call.task_failed(task, silent, **_link(one))
        except ActionError as error:
            call.task_failed(task, str(error))
    return (
        f"{_tasks(done)} opened in Kabaret." if done else silent or "Kabaret opened nothing; the reasons stand below."
    )


def _offered(call: Call, ready: dict[str, Found], reason: str) -> str:
    """Nothing could be asked: every task has its link."""
    for task in call.each():
        if one := ready.get(task.id):
            call.task_failed(task, reason, **_link(one))
    return f"{reason} The links open it all the same."


WAYS: dict[str, Callable[[Call, Options, dict[str, Found]], str]] = {"link": _links, "session": _in_session}


def _link(one: Found) -> dict[str, object]:
    return {"oid": one.oid, "launches": [asdict(Launch("", one.url, (one.oid,)))]}


def _where(call: Call, options: Options) -> str:
    if options.mode == "link":
        return ""
    try:
        return f", where {login_of(call, options)} has it running"
    except ActionError as error:
        return f" by links. {error}".rstrip(".")


def _tasks(count: int) -> str:
    return f"{count:,} task{'' if count == 1 else 's'}"


def _nothing(found: list[Found]) -> str:
    reasons = {one.blocked for one in found}
    if len(reasons) == 1:
        return f"Nothing can be opened. {reasons.pop()}"
    return "None of these tasks can be opened in Kabaret; the reasons stand beside them."
