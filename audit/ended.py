"""Tells whoever wants to know that an invocation has ended, however it did: `ended.send(Invocation, pk=...)`, once, when it
stands in the record."""

from __future__ import annotations

from django.dispatch import Signal

ended = Signal()
