"""Tells those who may consent, by e-mail, each with a link of their own. Without a mail server they find it on their page."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse, set_script_prefix
from django.utils import timezone

from actions.approvals.links import token_for
from actions.approvals.people import who_may_decide
from actions.clients import mail
from actions.contract import ActionError
from actions.models import Approval
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.people import Person

log = structlog.get_logger(__name__)

AT_ONCE = 10
MOST_PEOPLE = 50
AGAIN = "approvals.tell-again"
AGAIN_AFTER = 60
"""Seconds until the next try where Kitsu or the mail server did not answer: the sweeper has more to do than to wait."""

TEXT = """{asker} asks for your consent before “{action}” runs on {count} tasks{where}.

What it will do, and your decision:
{link}

The link is yours alone and counts once. It holds until {until}.
"""


def tell_of_approvals() -> int:
    """One round of the sweeper: how many calls somebody was told of."""
    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")  # Django sets it in the main thread alone.
    waits = {"invocation__state": State.WAITING, "invocation__waiting_for": WaitingFor.APPROVAL}
    rows = Approval.objects.filter(told_at=None, **waits).select_related("invocation")
    found = rows.order_by("invocation__received_at")[:AT_ONCE]
    return sum(not cache.get(AGAIN) and _taken(one) and _told(one) for one in found)


def _taken(approval: Approval) -> bool:
    """Of several sweepers, one tells."""
    return bool(Approval.objects.filter(pk=approval.pk, told_at=None).update(told_at=timezone.now()))


def _told(approval: Approval) -> bool:
    if not (settings.EMAIL_FROM and settings.BRIDGE_URL):
        return False
    invocation, reached = approval.invocation, 0
    try:
        for person in who_may_decide(invocation, approval)[:MOST_PEOPLE]:
            reached += mail.is_address(person.email) and _mailed(invocation, person)
    except (KitsuError, ActionError) as error:
        _try_again(approval, reached, error)
        return False
    invocation.event(Happened.TOLD, text=f"{reached} asked for their consent by e-mail.").save()
    return bool(reached)


def _try_again(approval: Approval, reached: int, error: Exception) -> None:
    """Later, where nobody has a mail yet; said once in the record."""
    invocation = approval.invocation
    log.warning("Nobody could be told of an approval", invocation=str(invocation.pk), error=str(error))
    cache.set(AGAIN, True, AGAIN_AFTER)
    if not invocation.events.filter(what=Happened.TOLD).exists():
        text = f"{reached or 'Nobody'} could be told by e-mail: {error}"
        invocation.event(Happened.TOLD, text=text).save()
    if not reached:
        Approval.objects.filter(pk=approval.pk).update(told_at=None)


def _mailed(invocation: Invocation, person: Person) -> bool:
    """One mail; an address that the server does not take is no reason not to write to the others."""
    path = f"{reverse('approval', args=[invocation.pk])}?as={token_for(invocation, person.id)}"
    text = TEXT.format(
        asker=mail.one_line(invocation.person_name) or "Somebody",
        action=mail.one_line(invocation.action_name),
        count=f"{invocation.task_count:,}",
        where=f" of {mail.one_line(', '.join(invocation.project_names))}" if invocation.project_names else "",
        link=settings.BRIDGE_URL.removesuffix(settings.FORCE_SCRIPT_NAME or "") + path,
        until=f"{invocation.expires_at:%Y-%m-%d %H:%M} UTC" if invocation.expires_at else "it is decided",
    )
    subject = f"Your consent: {invocation.action_name}"
    return not mail.send([person.email], subject, text, sender=settings.EMAIL_FROM, about=f"approval {invocation.pk}")
