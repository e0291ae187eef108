"""The pages of consent: what waits for this person, one call with yes and no, and a run that was handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions.approvals.deciding import CannotDecide, approval_of, decide
from actions.approvals.handing import CannotHand, hand_over, start
from actions.approvals.links import read_token
from actions.approvals.people import person_of
from actions.approvals.rules import leads, may_decide, needed
from actions.approvals.waiting import to_decide, to_start
from actions.doors import answers
from actions.doors.owner import mine_or_404, proven, see
from actions.models import Decision
from audit.access import remember_call
from audit.models import Invocation
from audit.states import State, WaitingFor
from audit.views.page import context_of
from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of

AWAY = "Kitsu does not answer, so nobody can say who may. Try again in a moment."
NO_LINK = (
    "It is not whole, not for this call, too old, or for somebody who may not decide about it any more. "
    "Whoever may finds the call under Approvals, once signed in."
)


@never_cache
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for this person's consent, and what was handed to them."""
    person = identity_of(request).person
    if person is None:
        return redirect(f"{reverse('sign_in')}?next={request.path}")
    context = {"to_decide": to_decide(person), "to_start": to_start(person)}
    return render(request, "approvals/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One call: what it will do, and this person's yes or no. Looking decides nothing, nor does following a link."""
    invocation = _waits_or_404(pk)
    if token := _token(request):
        return _by_link(request, invocation, token)
    person = identity_of(request).person
    if person is None:
        return redirect(f"{reverse('sign_in')}?next={request.path}")
    if not _concerns(person, invocation):
        raise Http404
    return _decided_or_page(request, invocation, person, Decision.By.PAGE)


@require_POST
def hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a lead to start what was prepared."""
    invocation = mine_or_404(request, pk)
    person = identity_of(request).person
    if person is None or person.id.lower() != invocation.person_id.lower():
        raise Http404
    try:
        lead = hand_over(invocation, request.POST.get("to", ""), request.POST.get("note", ""), person)
    except CannotHand as error:
        messages.error(request, str(error))
    except KitsuError:
        messages.error(request, AWAY)
    else:
        messages.success(request, f"{lead.name} finds it under Approvals, and can start it.")
    return see(invocation)


@require_POST
def start_handed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The lead starts it, in their own name."""
    invocation, who = _waits_or_404(pk), proven(request)
    if who is None:
        return redirect(f"{reverse('sign_in')}?next={reverse('approvals')}")
    try:
        entered = start(invocation, who, address_of(request))
    except CannotHand as error:
        messages.error(request, str(error))
        return redirect("approvals")
    if entered.problem is not None:
        return answers.refused(request, entered.invocation, entered.problem)
    response = see(entered.invocation)
    remember_call(response, entered.invocation)
    return response


def _waits_or_404(pk: UUID) -> Invocation:
    invocation = Invocation.objects.filter(pk=pk).first()
    if invocation is None:
        raise Http404
    return invocation


def _token(request: HttpRequest) -> str:
    """Of the link in an e-mail, where the page was opened by one."""
    return request.POST.get("as") or request.GET.get("as") or ""


def _by_link(request: HttpRequest, invocation: Invocation, token: str) -> HttpResponse:
    """As the person that the link was made for. It shows the call until they have decided, or nothing waits any more."""
    person_id = read_token(token, invocation.pk)
    try:
        person = person_of(invocation, person_id) if person_id else None
    except KitsuError:
        return _trouble(request, 503, "Nobody can say who may decide", AWAY)
    if person is None or not _concerns(person, invocation):
        return _trouble(request, 404, "This link does not hold", NO_LINK)
    if not _may_say(invocation, person):
        mine = approval_of(invocation).decisions.filter(person_id=person.id).first()
        return render(request, "approvals/spent.html", {"invocation": invocation, "decider": person, "mine": mine})
    return _decided_or_page(request, invocation, person, Decision.By.LINK)


def _trouble(request: HttpRequest, status: int, title: str, cure: str) -> HttpResponse:
    return render(request, "errors/error.html", {"status": status, "title": title, "cure": cure}, status=status)


def _concerns(person: Person, invocation: Invocation) -> bool:
    """Whether this is a call that this person decides about, has decided about, or was handed."""
    found = approval_of(invocation) if invocation.planned_at or needed(invocation.definition) else None
    if found is None:
        return False
    if needed(invocation.definition) and may_decide(person, invocation, found.departments):
        return True
    return found.handed_to == person.id and leads(person, invocation)


def _may_say(invocation: Invocation, person: Person) -> bool:
    """Whether it waits for consent, and this person has not decided."""
    waits = invocation.state == State.WAITING and invocation.waiting_for == WaitingFor.APPROVAL
    return waits and not approval_of(invocation).decisions.filter(person_id=person.id).exists()


def _decided_or_page(request: HttpRequest, invocation: Invocation, person: Person, by: Decision.By) -> HttpResponse:
    decides = request.method == "POST"
    return _decided(request, invocation, person, by) if decides else _page(request, invocation, person)


def _decided(request: HttpRequest, invocation: Invocation, person: Person, by: Decision.By) -> HttpResponse:
    said = request.POST.get("decision", "")
    if said not in {"yes", "no"}:
        messages.error(request, "Say yes or no.")
        return _page(request, invocation, person, status=400)
    try:
        decide(invocation, person, yes=said == "yes", note=request.POST.get("note", ""), by=by)
    except CannotDecide as error:
        messages.error(request, str(error))
    return redirect(request.get_full_path())


def _page(request: HttpRequest, invocation: Invocation, person: Person, status: int = 200) -> HttpResponse:
    found = approval_of(invocation)
    context: dict[str, Any] = {
        **context_of(request, invocation, full=True),
        "approval": found,
        "decisions": list(found.decisions.all()),
        "needed": needed(invocation.definition),
        "decider": person,
        "token": _token(request),
        "may_say": _may_say(invocation, person),
        "may_start": found.handed_to == person.id and invocation.waiting_for == WaitingFor.CONFIRMATION,
        "poll_every": 0,
        "shared": "",
    }
    return render(request, "approvals/page.html", context, status=status)
