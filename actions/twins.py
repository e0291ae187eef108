"""The double click guard: Kitsu's button stays active, so the same call may arrive twice."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db import connection

from audit.models import Invocation
from audit.states import State, Trust
from kitsu_bridge.secrets import fingerprint


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
    )


def first_of_twins(invocation: Invocation) -> Invocation | None:
    """The call that this one repeats, if one came within the action's window. Within a transaction.

    Of two that arrive at the same moment the second waits here until the first is committed. SQLite needs no lock of ours:
    its transactions begin by taking the only one (`transaction_mode` in databases.py).
    """
    window = invocation.definition["double_click_window"]
    if not window:
        return None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(invocation.fingerprint)])
    around = (invocation.received_at - timedelta(seconds=window), invocation.received_at + timedelta(seconds=window))
    same = Invocation.objects.filter(fingerprint=invocation.fingerprint, received_at__range=around).exclude(
        pk=invocation.pk
    )
    return same.exclude(state__in=[State.REFUSED, State.CANCELLED]).order_by("received_at").first()


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)
