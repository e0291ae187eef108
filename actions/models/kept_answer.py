"""The answer to a request of a program that named it: the same request again gets it, and nothing is done twice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """One key of one owner. Without a status, the first request with it is still on its way."""

    owner = models.CharField(max_length=80, help_text="`token:<id>` of a bridge token, else `person:<id>`.")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64, help_text="Hash of method, address, If-Match and body.")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    location = models.TextField(blank=True)
    etag = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True, help_text="JSON, as it was answered.")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_answer_a_key"),)
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["made_at"], name="kept_answer_made")]

    def __str__(self) -> str:
        return f"{self.owner} {self.made_at:%Y-%m-%d %H:%M:%S}"
