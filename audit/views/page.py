"""The page of one invocation, and the part of it that is read again while something still happens."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audit import once
from audit.access import joined, made_here, may_look_into, may_see, share_token, shared
from audit.given import words_of
from audit.models import Invocation, TaskResult
from audit.states import Happened, State, Trust, WaitingFor
from audit.views.farm_jobs import farm_part
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager, local_superuser
from kitsu_bridge.kitsu.signin.views import kitsu_away

PATIENCE = 1.0
"""Seconds that the page waits on the server, so that a quick action shows its result at once."""

LOOK_EVERY = 0.05
RESULTS_AT_ONCE = 100
LINES_SHOWN = 500
EVENTS_SHOWN = 200
"""The last ones: a run that sends a thousand jobs has thousands, and the page is read again every few seconds."""

FARM_EVERY = 5
"""Seconds between two looks of the page at jobs on a farm; the bridge itself looks no oftener."""

MAINTENANCE_EVERY = 10
"""Seconds between two looks while an operator has paused the action."""

GOOD = (TaskResult.State.DONE, TaskResult.State.SKIPPED)
ASKING = frozenset({WaitingFor.SIGN_IN, WaitingFor.PARAMETERS, WaitingFor.CONFIRMATION})
"""What a person does; nothing changes until then."""


@never_cache
@require_GET
def invocation_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything of one invocation, for those who may see it."""
    found = _look_up(request, pk)
    if isinstance(found, HttpResponse):
        return found
    invocation, full = found
    if full:
        _wait_a_moment(invocation)
    if _asks(request, invocation):
        return redirect("invocation_parameters", invocation.pk)
    return _shown(request, "invocation/page.html", invocation, full=full)


@never_cache
@require_GET
def invocation_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What may have changed since: fetched again every second or so while it is open."""
    found = _look_up(request, pk)
    if isinstance(found, HttpResponse):
        return found
    invocation, full = found
    return _shown(request, "invocation/live.html", invocation, full=full)


def _shown(request: HttpRequest, template: str, invocation: Invocation, *, full: bool) -> HttpResponse:
    """The page; what it has done by itself now, it does not again."""
    context = context_of(request, invocation, full=full)
    response = render(request, template, context)
    if full and context["fresh"]:
        once.done(response, invocation)
    return response


@never_cache
@require_POST
def share_invocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a link that lets others read this one invocation for a week; recorded."""
    invocation = visible_or_404(request, pk, shared_too=False)
    identity = identity_of(request)
    invocation.event(Happened.SHARED, actor=identity.person, text="A link was made that lets others read it.").save()
    return redirect(f"{invocation.get_absolute_url()}?made={share_token(invocation)}")


def visible_or_404(request: HttpRequest, pk: UUID, *, shared_too: bool = True) -> Invocation:
    """An invocation that may be seen wholly; what is not there and what is not theirs look the same."""
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None or not _full(request, invocation, shared_too=shared_too):
        raise Http404
    return invocation


def _look_up(request: HttpRequest, pk: UUID) -> tuple[Invocation, bool] | HttpResponse:
    """The invocation, and whether all of it may be seen; or the answer where nobody can say."""
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None:
        raise Http404
    if _full(request, invocation):
        return invocation, True
    if made_here(request, invocation):
        return invocation, False
    identity = identity_of(request)
    if identity.trouble is not None:
        return kitsu_away(request, identity.trouble)
    raise Http404


def _full(request: HttpRequest, invocation: Invocation, *, shared_too: bool = True) -> bool:
    """A claim belongs to nobody proven: where the action takes one, the browser that made it sees the result."""
    identity = identity_of(request)
    claimed_here = invocation.trust == Trust.CLAIMED and made_here(request, invocation)
    refused_here = invocation.state == State.REFUSED and not invocation.started_at and made_here(request, invocation)
    return (
        may_see(identity, invocation)
        or claimed_here
        or refused_here
        or local_superuser(request)
        or (shared_too and (shared(request, invocation) or joined(identity, invocation)))
    )


def _wait_a_moment(invocation: Invocation) -> None:
    """Wait up to a second while it is queued or running; each look is one small query, and no connection is held meanwhile."""
    until = time.monotonic() + PATIENCE
    fields = ("state", "cancel_asked_at")
    while invocation.state in {State.QUEUED, State.RUNNING} and time.monotonic() < until:
        if not connection.in_atomic_block:
            connection.close()  # Back to the pool, for whoever works.
        time.sleep(LOOK_EVERY)
        invocation.refresh_from_db(fields=fields)
    invocation.refresh_from_db()


def context_of(request: HttpRequest, invocation: Invocation, *, full: bool) -> dict[str, Any]:
    """What the page's templates ask."""
    identity = identity_of(request)
    results = invocation.results.all()
    farm = farm_part(request, invocation) if full else {"farm": {}, "farm_jobs": []}
    by_state = _by_state(invocation) if full else {}
    return {
        "invocation": invocation,
        "full": full,
        "operator": is_studio_manager(request),
        "results": results[:RESULTS_AT_ONCE] if full else [],
        "result_counts": {state.label: (state.value, count) for state, count in by_state.items() if count},
        "result_count": sum(by_state.values()),
        "to_do": by_state.get(TaskResult.State.PLANNED, 0),
        "unfinished": max(invocation.task_count - sum(by_state.get(state, 0) for state in GOOD), 0),
        "more": sum(by_state.values()) > RESULTS_AT_ONCE,
        "lines": list(invocation.log_lines.order_by("-id")[:LINES_SHOWN])[::-1] if full else [],
        "events": list(invocation.events.order_by("-id")[:EVENTS_SHOWN])[::-1] if full else [],
        "answers": _answers(invocation) if full else {},
        "result_template": template_of(invocation) if full else "",
        "told_by": invocation.told_by.order_by("received_at") if full else [],
        "behind": _seen(request, invocation.behind) if full else None,
        "goes_on": _goes_on(request, invocation),
        "fresh": _fresh(request, invocation),
        **farm,
        "poll_every": _poll_every(invocation) or (FARM_EVERY if farm["farm"].get("live") else 0),
        "shared": share_of(request),
        "share_link": _share_link(request, invocation),
        "looks_into": may_look_into(request, invocation),
        "may_act": may_see(identity, invocation) or made_here(request, invocation),
    }


def _by_state(invocation: Invocation) -> dict[TaskResult.State, int]:
    """How many task results are in each state."""
    counted = dict(invocation.results.order_by().values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in TaskResult.State}


def _seen(request: HttpRequest, other: Invocation | None) -> Invocation | None:
    """Another one, where its page may be seen as well."""
    return other if other is not None and _full(request, other) else None


def _asks(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether its form is what the person came for."""
    person = identity_of(request).person
    if invocation.waiting_for != WaitingFor.PARAMETERS or person is None:
        return False
    return made_here(request, invocation) or invocation.person_id.lower() == person.id.lower()


def _answers(invocation: Invocation) -> dict[str, Any]:
    """What the person gave, in the words of the form they saw; else as the record has it."""
    words = words_of(invocation)
    if words is not None:
        return words
    return invocation.parameters if invocation.planned_at or invocation.queued_at else {}


def share_of(request: HttpRequest) -> str:
    """What a shared link carries, so that the links of its page carry it on."""
    return request.GET.get("share", "")


def template_of(invocation: Invocation, part: str = "") -> str:
    """The kind's own template where it has one. The kind is a word from the record: it must be a plain name."""
    own = invocation.kind.isidentifier() and invocation.state != State.WAITING  # What is planned is not its result.
    name = invocation.kind if own else "default"
    found = select_template([f"results/{name}{part}.html", f"results/default{part}.html"])
    return str(found.template.name)


def _goes_on(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether the page may go on by itself: the browser that made the call has a proven person now, the one it names.

    Only for what waits for proof; a question is answered by a person. What was proven before and waits for Kitsu is the
    sweeper's: the page would send it again and again, as fast as Kitsu fails.
    """
    identity = identity_of(request)
    waits = invocation.state == State.WAITING and invocation.waiting_for in {WaitingFor.SIGN_IN, WaitingFor.KITSU}
    if not waits or invocation.trust or identity.person is None or not made_here(request, invocation):
        return False
    return invocation.person_id.lower() == identity.person.id.lower()


def _fresh(request: HttpRequest, invocation: Invocation) -> bool:
    """Whether the browser may do by itself what the outcome asks: the one that made the call, once, while it is news."""
    return once.is_due(request, invocation) and made_here(request, invocation)


def _poll_every(invocation: Invocation) -> int:
    """Seconds between two looks: often at first, less when it takes long; 0 when nothing happens any more."""
    if invocation.ended or invocation.waiting_for in ASKING:
        return 0
    if invocation.waiting_for == WaitingFor.MAINTENANCE:
        return MAINTENANCE_EVERY
    duration = invocation.duration
    return 1 if duration is None or duration.total_seconds() < 60 else 3


def _share_link(request: HttpRequest, invocation: Invocation) -> str:
    made = request.GET.get("made", "")
    path = f"{reverse('invocation', args=[invocation.pk])}?share={made}"
    return request.build_absolute_uri(path) if made and made == made.strip() and len(made) < 300 else ""
