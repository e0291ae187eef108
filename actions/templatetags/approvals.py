"""What other pages show of approvals: the badge in the bar, the state on an invocation's page, handing it to a lead."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import DatabaseError
from django.urls import reverse

from actions.approvals.deciding import approval_of
from actions.approvals.people import who_leads
from actions.approvals.rules import may_decide, needed
from actions.approvals.waiting import to_decide, to_start
from actions.models import Approval
from audit.models import Invocation
from kitsu_bridge.kitsu.errors import KitsuError

register = template.Library()


@register.inclusion_tag("approvals/bar.html", takes_context=True)
def approvals_badge(context: dict[str, Any]) -> dict[str, Any]:
    """How many calls wait for this person; nothing where none does, and never the end of a page."""
    identity = context.get("identity")
    person = identity.person if identity else None
    try:
        count = len(to_decide(person)) + len(to_start(person)) if person else 0
    except DatabaseError:
        count = 0
    request = context.get("request")
    return {"count": count, "here": request is not None and request.path == reverse("approvals")}


@register.inclusion_tag("approvals/waiting.html", takes_context=True)
def approval_state(context: dict[str, Any], invocation: Invocation) -> dict[str, Any]:
    """Who has decided, and the way to decide for who may."""
    found, person = approval_of(invocation), context["identity"].person
    return {
        "invocation": invocation,
        "needed": needed(invocation.definition),
        "decisions": list(found.decisions.all()),
        "may_decide": person is not None and may_decide(person, invocation, found.departments),
    }


@register.inclusion_tag("approvals/hand.html", takes_context=True)
def hand_over_form(context: dict[str, Any], invocation: Invocation) -> dict[str, Any]:
    """For the person who prepared it: to whom it can be handed. Without Kitsu, to nobody now."""
    person = context["identity"].person
    if person is None or person.id.lower() != invocation.person_id.lower():
        return {}
    try:
        leads = who_leads(invocation)
    except KitsuError:
        leads = []
    found = Approval.objects.filter(invocation=invocation).first()
    handed = {"handed_to": found.handed_to, "handed_name": found.handed_name} if found else {}
    return {"invocation": invocation, "leads": leads, "csrf_token": context.get("csrf_token"), **handed}
