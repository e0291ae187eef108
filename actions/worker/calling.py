"""What a handler is called with: the call, the options and the parameters, from the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from actions.contract import About, Call
from actions.filling import fill_known, of_call
from actions.kinds.hints import from_json, make
from actions.parameters.answered import with_files_and_secrets
from actions.registry import Kind
from actions.worker.desk import WorkersDesk
from actions.worker.prepare import Prepared
from actions.worker.report import RecordedReport
from audit.models import Invocation, TaskResult
from audit.states import Happened

DONE = (TaskResult.State.DONE, TaskResult.State.SKIPPED)
"""States of a task that is not tried again."""

LONGEST_CHAIN = 100


def call_of(invocation: Invocation, prepared: Prepared, report: RecordedReport) -> Call:
    """The call of one run."""
    return Call(
        str(invocation.pk),
        prepared.person,
        prepared.proven,
        prepared.selection,
        prepared.resolution,
        prepared.kitsu,
        report,
        settings.KITSU_PUBLIC_URL,
        WorkersDesk(invocation),
        about(invocation),
        frozenset(invocation.results.filter(state__in=DONE).values_list("task_id", flat=True)),
        tried_since(invocation),
        report.ends_at,
        begun(invocation),
    )


def arguments_of(kind: Kind, invocation: Invocation, call: Call) -> dict[str, Any]:
    """Options and parameters as the handler's type hints ask for them."""
    asked = {spec.name: spec for spec in kind.parameters}
    kept = with_files_and_secrets(invocation) | not_asked(kind, invocation, call)
    given = {name: from_json(asked[name], value) for name, value in kept.items() if name in asked}
    return given | ({"options": make(kind.options_class, invocation.options)} if kind.options_class else {})


def not_asked(kind: Kind, invocation: Invocation, call: Call) -> dict[str, Any]:
    """Texts that nobody was asked for, with their variables: `Review {date}` is what the form would have begun with.

    A text that the kind itself fills for each task is left to it.
    """
    found = {}
    for spec in kind.parameters:
        text = invocation.parameters.get(spec.name, spec.default)
        beforehand = invocation.given_at is None or spec.name in invocation.definition.get("fixed", ())
        if spec.type == "text" and not spec.about.template and beforehand and isinstance(text, str) and "{" in text:
            found[spec.name] = fill_known(text, of_call(call))
    return found


def about(invocation: Invocation) -> About:
    """The invocation itself, or the one whose end it tells of; with the address of its page where the bridge knows it."""
    host = settings.BRIDGE_URL.removesuffix(settings.FORCE_SCRIPT_NAME or "")
    one = invocation.tells_of or invocation
    path = reverse("invocation", args=[one.pk])
    said = (one.state, one.message or one.reason) if invocation.tells_of else ()
    return About(str(one.pk), f"{host}{path}" if host else "", one.action_name, *said)


def first_of_retries(invocation: Invocation) -> Invocation:
    """The one that it retries, or that one's first; itself where it retries none."""
    first, steps = invocation, 0
    while first.retry and first.rerun_of is not None and steps < LONGEST_CHAIN:
        first, steps = first.rerun_of, steps + 1
    return first


def begun(invocation: Invocation) -> datetime:
    """When this was tried for the first time: here, before a worker died, or in the invocations that it retries."""
    first = first_of_retries(invocation)
    planned = first.events.filter(what=Happened.PLANNED).order_by("-id").values_list("id", flat=True).first()
    claims = first.events.filter(what=Happened.CLAIMED, id__gt=planned or 0).order_by("id")
    return claims.values_list("at", flat=True).first() or first.received_at  # `started_at` is the last attempt's.


def tried_since(invocation: Invocation) -> datetime | None:
    """When it was tried for the first time, where this is not the first time."""
    return begun(invocation) if invocation.attempts > 1 or (invocation.retry and invocation.rerun_of_id) else None
