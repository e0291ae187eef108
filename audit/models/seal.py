"""Seals over batches of events, and what came of checking them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import models
from django.utils import timezone

from audit.seals.canonical import canonical

SIGNED = b"kitsu-bridge seal 1\n"
"""Stands before what is signed, so that a signature means a seal and nothing else."""


class Seal(models.Model):
    """One batch: which events, their Merkle root, the seal before it, signed. Only ever added, as events are.

    An event belongs to the one seal that names its number. Numbers within reach that were not there are `open`: a transaction
    that commits late brings them into a later seal.
    """

    number = models.BigIntegerField(primary_key=True, help_text="From 1, without gaps.")
    at = models.DateTimeField()
    events = models.JSONField(help_text="Numbers of its events as ranges: [[1, 500], [502, 600]].")
    open = models.JSONField(
        help_text="Numbers that may still come: [first, last, until], the last in seconds since 1970."
    )
    count = models.PositiveIntegerField()
    last = models.BigIntegerField(help_text="The highest number that was ever sealed.")
    root = models.CharField(max_length=64, help_text="Merkle root of its events (RFC 6962, SHA-256).")
    previous = models.CharField(max_length=64, blank=True, help_text="Hash of the seal before it.")
    key = models.CharField(max_length=16, help_text="Id of the key that signed it.")
    signature = models.CharField(max_length=128, help_text="Ed25519, in hex.")
    leaves = models.BinaryField(help_text="Its events' hashes, 32 bytes each: they tell which one was altered.")

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"Seal {self.number}"

    def body(self) -> dict[str, Any]:
        """What is signed."""
        fields = ("number", "events", "open", "count", "last", "root", "previous", "key")
        return {"at": self.at.isoformat(timespec="microseconds"), **{name: getattr(self, name) for name in fields}}

    def signed_content(self) -> bytes:
        """The bytes that are signed."""
        return SIGNED + canonical(self.body())

    def line(self) -> bytes:
        """The seal as a line of a seals file."""
        return canonical({**self.body(), "signature": self.signature})

    def hash(self) -> str:
        """What the next seal calls `previous`."""
        return sha256(self.line()).hexdigest()


class Verification(models.Model):
    """One check of the record, by schedule or by hand."""

    at = models.DateTimeField(default=timezone.now)
    whole = models.BooleanField(help_text="From the first seal on; else only what is new since the last check.")
    good = models.BooleanField()
    first_seal = models.BigIntegerField(default=0)
    last_seal = models.BigIntegerField(default=0, help_text="The last good one.")
    last_seal_at = models.DateTimeField(null=True, blank=True)
    events = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    trouble = models.TextField(blank=True, help_text="What is wrong first.")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {'good' if self.good else self.trouble}"
