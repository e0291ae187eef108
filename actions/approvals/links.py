"""The link in an e-mail by which one person decides about one call without signing in: signed, once, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing

from audit.models import Invocation

SALT = "kitsu-bridge.approval"
LONGEST = timedelta(days=60)
"""The call itself expires long before."""


def token_for(invocation: Invocation, person_id: str) -> str:
    """What the link carries. That it counts once is the decision's to say: a person decides once."""
    return signing.dumps([str(invocation.pk), person_id], salt=SALT, compress=True)


def read_token(token: str, pk: UUID) -> str | None:
    """The id of the person that a link was made for; None for one that is not ours, or is about another call."""
    try:
        about, person_id = signing.loads(token, salt=SALT, max_age=LONGEST)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(person_id) if about == str(pk) else None
