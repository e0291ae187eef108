"""The double click guard: Kitsu's button stays active, so the same call may arrive twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection

from audit.models import Invocation
from audit.states import State, Trust
from kitsu_bridge.secrets import fingerprint

NO_TWINS = (State.REFUSED, State.CANCELLED)
"""A call that ended like this may be made again at once."""


def fingerprint_of(invocation: Invocation) -> str:
    """The same for the same person, action, selection and parameters.

    Who is only claimed counts as the same only from the same address.
    """
    proven = invocation.trust == Trust.PROVEN
    return fingerprint(
        invocation.trust,
        invocation.person_id.lower(),
        "" if proven else invocation.address,
        invocation.door,
        invocation.action_slug,
        str(invocation.version),
        ",".join(invocation.task_ids),
        repr(sorted(invocation.parameters.items())),
        "given" if invocation.given_at else "",
        str(invocation.bearer.get("id", "")),
    )


def around(invocation: Invocation) -> tuple[datetime, datetime] | None:
    """When a call must have come to be its twin; None where every call counts."""
    window = timedelta(seconds=invocation.definition["double_click_window"])
    return (invocation.received_at - window, invocation.received_at + window) if window else None


def first_of_twins(invocation: Invocation) -> Invocation | None:
    """The call that this one repeats, if one came within the action's window. Within a transaction.

    Of two that arrive at the same moment the second waits here until the first is committed. SQLite needs no lock of ours:
    its transactions begin by taking the only one (`transaction_mode` in databases.py).
    """
    times = around(invocation)
    if times is None:
        return None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_of(invocation)])
    same = Invocation.objects.filter(fingerprint=invocation.fingerprint, received_at__range=times)
    return same.exclude(pk=invocation.pk).exclude(state__in=NO_TWINS).order_by("received_at").first()


def lock_of(invocation: Invocation) -> int:
    """The number of the advisory lock that twins share."""
    return int.from_bytes(sha256(invocation.fingerprint.encode()).digest()[:8], "big", signed=True)
