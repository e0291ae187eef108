"""Writes signing in, and what was refused of it, into the record."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.signals import person_signed_in, sign_in_refused


@receiver(person_signed_in)
def signed_in(person: Person, address: str, **_kwargs: Any) -> None:
    """Somebody signed in at the bridge."""
    personal = {"address": address, "email": person.email}
    write_event(Happened.SIGNED_IN, subject="sign_in", actor=person, personal=personal)


@receiver(sign_in_refused)
def refused(email: str, address: str, reason: str, **_kwargs: Any) -> None:
    """Kitsu did not accept what somebody tried to sign in with."""
    write_event(Happened.SIGN_IN_REFUSED, subject="sign_in", text=reason, personal={"address": address, "email": email})
