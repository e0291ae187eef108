"""What the record hears of signing in. Nothing in it is secret."""

from __future__ import annotations

from django.dispatch import Signal

person_signed_in = Signal()
"""With `person: Person` and `address: str`."""

sign_in_refused = Signal()
"""With `email: str`, `address: str` and `reason: str`."""
