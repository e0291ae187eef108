"""The door for running something again: all of it, what was not done, or with other parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from actions.contract import Selection
from actions.doors import answers
from actions.doors.owner import proven, see, to_sign_in
from actions.line.calls import describe, enter, selection_of
from actions.line.calls import refused as record_refused
from actions.line.problems import Refusal, refuse
from actions.line.who import Who
from actions.models import Action
from actions.parameters.asked import asked_of
from actions.worker.calling import DONE
from audit.access import may_see, remember_call
from audit.files import copy_files
from audit.models import Invocation
from audit.states import Door, Happened, State
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.masking import MASK


@require_POST
def rerun_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same once more, with the action as it is today, as the person who asks now.

    `what`: `unfinished` for the tasks that were not done, `edited` to change the parameters first, else all as it was.
    """
    before = _visible_or_404(request, pk)
    who = proven(request)
    if who is None:
        return to_sign_in(request, before)
    selection = _selection(before, who, unfinished=(what := request.POST.get("what", "")) == "unfinished")
    if not selection.task_ids:
        messages.info(request, "Every task of it was done; nothing is left to run again.")
        return see(before)
    invocation = _again(request, before, retry=what == "unfinished")
    try:
        describe(invocation, _action_of(before), selection)
        _give(invocation, before, edited=what == "edited")
        with transaction.atomic():  # No worker gets it before it has its files.
            entered = enter(invocation, who)
            if entered is invocation:
                _carry_files(before, invocation)
    except Refusal as refusal:
        record_refused(invocation, refusal.problem, who.person)
        return answers.refused(request, invocation, refusal.problem)
    before.event(Happened.RERUN, actor=who.person, text=f"Run again as {entered.reference}.").save()
    response = see(entered)
    if entered is invocation:
        remember_call(response, entered)  # What it opens is opened here.
    return response


def _again(request: HttpRequest, before: Invocation, *, retry: bool) -> Invocation:
    return Invocation(
        door=Door.RERUN,
        rerun_of=before,
        retry=retry,
        action_slug=before.action_slug,
        action_name=before.action_name,
        address=address_of(request),
        parameters=dict(before.parameters),
        state=State.REFUSED,
    )


def _selection(before: Invocation, who: Who, *, unfinished: bool) -> Selection:
    """The same tasks, or those without a good result; whoever asks now answers for them."""
    done = set(before.results.filter(state__in=DONE).values_list("task_id", flat=True)) if unfinished else set()
    left = tuple(task_id for task_id in before.task_ids if task_id not in done)
    return replace(selection_of(before), task_ids=left, person_id=who.person.id, person_email=who.person.email)


def _give(invocation: Invocation, before: Invocation, *, edited: bool) -> None:
    """The answers of then count, unless they are to be changed, or one of them was secret and is gone."""
    given = before.given_at is not None and MASK not in invocation.parameters.values()
    if given and not edited and asked_of(invocation.definition):
        invocation.given_at = timezone.now()


def _carry_files(before: Invocation, invocation: Invocation) -> None:
    """The files that were given then are given again, under rows of their own."""
    copies = copy_files(before, invocation)
    if not copies:
        return
    parameters: dict[str, Any] = dict(invocation.parameters)
    for name, value in parameters.items():
        old = value.get("file") if isinstance(value, dict) else None
        if old in copies:
            parameters[name] = {**value, "file": str(copies[old].pk)}
    Invocation.objects.filter(pk=invocation.pk).update(parameters=parameters)


def _action_of(before: Invocation) -> Action:
    action = Action.objects.filter(slug=before.action_slug).first()
    if action is None:
        raise refuse(
            404,
            "unknown_action",
            "There is no such action",
            f"“{before.action_name or before.action_slug}” was renamed or deleted since.",
            "Run another action from Kitsu.",
        )
    return action


def _visible_or_404(request: HttpRequest, pk: UUID) -> Invocation:
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None or not may_see(identity_of(request), invocation):
        raise Http404
    return invocation
