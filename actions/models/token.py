"""Bridge tokens: with one a program calls the bridge as one account of Kitsu, for some actions and productions, for a while."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone


class Token(models.Model):
    """What a program may do, and as whom. Its secrets are rows of their own, so that a new one can overlap the old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, help_text="Which program has it.")
    person_id = models.CharField(max_length=64, help_text="The account in Kitsu as which it acts.")
    person_name = models.CharField(max_length=200, blank=True)
    action_slugs = models.JSONField(default=list, blank=True, help_text="Slugs. None: all.")
    production_ids = models.JSONField(default=list, blank=True, help_text="Ids. None: all that the account sees.")
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="Its last use, to the minute.")
    used_from = models.CharField(max_length=64, blank=True, help_text="The address of its last use.")

    class Meta:
        ordering = ("name", "made_at")

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"token:{self.pk}"

    def good_at(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > now


class TokenSecret(models.Model):
    """One secret of a token, of which only the hash is kept.

    SHA-256, once: a secret is 256 random bits, which nobody guesses however fast they can try, and every call asks for it. A
    slow hash such as argon2 is for what people choose.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="secrets")
    hash = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4, help_text="Its last four characters, to tell it from others.")
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When the one that followed it is alone; empty: open."
    )

    class Meta:
        ordering = ("-made_at", "-id")
        indexes: ClassVar[list[models.Index]] = []

    def __str__(self) -> str:
        return f"{self.token}, …{self.ending}"
