"""The door for running something again: all of it, what was not done, or with other parameters; today's way, or as it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions.compared import compared, differs
from actions.doors import answers
from actions.doors.owner import proven, see, to_sign_in, visible_or_404
from actions.line.again import EDITED, THEN, TODAY, UNFINISHED, Wish, action_of, left_of, outlook, run_again
from audit.access import leads, remember_call
from audit.models import Invocation
from kitsu_bridge.address import address_of


@require_POST
def rerun_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same once more, as the person who asks now.

    `what`: `unfinished` for the tasks that were not done, `edited` to change the parameters first, else all as it was.
    `how`: `then` or `today`; who has not said it, and must, since the action does something else now, is asked.
    """
    before = visible_or_404(request, pk)
    who = proven(request)
    if who is None:
        return to_sign_in(request, before)
    wish = Wish.read(request.POST)
    if not left_of(before, wish):
        messages.info(request, "Every task of it was done; nothing is left to run again.")
        return see(before)
    if "how" not in request.POST and _does_something_else(before):
        return redirect(f"{reverse('rerun_choice', args=[before.pk])}?what={wish.what}")
    entered = run_again(before, who, wish, address_of(request))
    if entered.problem is not None:
        return answers.refused(request, entered.invocation, entered.problem)
    response = see(entered.invocation)
    if entered.new:
        remember_call(response, entered.invocation)  # What it opens is opened here.
    return response


@never_cache
@require_GET
def rerun_choice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """As it was then, or as the action is today: both in words, with what differs. Nothing is run by looking."""
    before = visible_or_404(request, pk)
    who = proven(request)
    if who is None:
        return to_sign_in(request, before)
    wish = Wish.read(request.GET)
    action = action_of(before)
    context: dict[str, Any] = {
        "invocation": before,
        "what": wish.what,
        "unfinished": wish.what == UNFINISHED,
        "edited": wish.what == EDITED,
        "count": len(left_of(before, wish)),
        "action": action,
        "ways": {how: outlook(before, who, Wish(how, wish.what))[0] for how in (TODAY, THEN)},
        "differs": differs(before, action) if action else [],
        "compared": compared(before) if leads(request, before) else None,
    }
    return render(request, "invocation/again.html", context)


def _does_something_else(before: Invocation) -> bool:
    action = action_of(before)
    return action is not None and bool(differs(before, action))
