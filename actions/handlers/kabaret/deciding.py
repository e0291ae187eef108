"""Decides which oid stands for which task, and whose Kabaret shows it: for the preview and for the run alike."""

from __future__ import annotations

from dataclasses import dataclass

from actions.clients.protocols.kabaret import checked_oid, part, url
from actions.contract import ActionError, Call
from actions.filling import fill, of_task
from actions.handlers.kabaret.options import Options
from kitsu_bridge.kitsu.tasks import Task

MOST_IN_SESSION = 20
"""Tasks that one call opens in a running Kabaret, each in a view of its own after the first."""


@dataclass(frozen=True, slots=True)
class Found:
    """The oid of a task and the link to it; or why it has none."""

    task: Task
    oid: str = ""
    url: str = ""
    blocked: str = ""


def decide(call: Call, options: Options) -> list[Found]:
    """The oid of every task, in the order of the selection."""
    found = [_look(call, options, task) for task in call.tasks]
    if options.mode == "session" and sum(not one.blocked for one in found) > MOST_IN_SESSION:
        why = f"A running Kabaret opens at most {MOST_IN_SESSION} tasks at once. Select fewer."
        return [one if one.blocked else Found(one.task, blocked=why) for one in found]
    return found


def _look(call: Call, options: Options, task: Task) -> Found:
    try:
        template = template_of(options, task)
        oid = checked_oid(fill(template, of_task(call, task).called(options.names), part))
        return Found(task, oid, url(options.cluster, oid, new_view=options.view == "new"))
    except ActionError as error:
        return Found(task, blocked=str(error))


def template_of(options: Options, task: Task) -> str:
    """The template for a task, as libreflow tells them apart. Raises `ActionError` where the action has none."""
    show, episode = task.project.record.get("production_type") == "tvshow", task.entity.episode is not None
    family = bool((task.entity.record.get("data") or {}).get("category"))
    alone = (options.asset_family if family else "") or options.asset
    shown = (options.asset_tv if episode else options.asset_pack) or options.asset
    templates = {
        "shot": options.shot_tv if show and episode else options.shot,
        "asset": shown if show else alone,
    }
    if found := templates.get(task.entity.kind, options.other):
        return found
    raise ActionError(f"The action has no oid for tasks on {task.entity.kind}s.")


def login_of(call: Call, options: Options) -> str:
    """The name of the person's user on their computer. Raises `ActionError` where nobody said it."""
    email = call.person.email if call.person else ""
    before = email.partition("@")[0] if options.users_by_email else ""
    if login := options.logins.get(email.casefold(), before):
        return login
    raise ActionError(
        f"The action does not know the login of {email or 'whoever made this call'}: add it to its logins."
    )
