"""What of an event may have to be forgotten: who it was, and the words. The event itself keeps a salted hash of each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from audit.seals.binding import bound, new_salt


class Particulars(models.Model):
    """One row an event. A part that was erased is empty, has no salt, and names the event that tells of it."""

    event = models.OneToOneField("audit.Event", on_delete=models.PROTECT, primary_key=True, related_name="particulars")

    actor_id = models.CharField(
        max_length=64, blank=True, help_text="The person's id in Kitsu, or user:<id> for a local user."
    )
    actor_name = models.CharField(max_length=200, blank=True)
    personal = models.JSONField(default=dict, blank=True, help_text="What else is about a person: e-mail, address.")
    who_salt = models.CharField(max_length=32, blank=True)
    who_erased_by = models.BigIntegerField(null=True, blank=True)

    text = models.TextField(blank=True, help_text="One sentence for a person.")
    data = models.JSONField(default=dict, blank=True)
    words_salt = models.CharField(max_length=32, blank=True)
    words_erased_by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "particulars"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor_id"], name="particulars_of_actor", condition=~models.Q(actor_id=""))
        ]

    def __str__(self) -> str:
        return f"Of event {self.event_id}"

    def who(self) -> dict[str, Any]:
        """The part that says who."""
        return {"id": self.actor_id, "name": self.actor_name, "more": self.personal}

    def words(self) -> dict[str, Any]:
        """The part that says what."""
        return {"text": self.text, "data": self.data}

    def bind(self) -> tuple[str, str]:
        """Salt both parts; their hashes. A part with nothing in it has neither."""
        if self.actor_id or self.actor_name or self.personal:
            self.who_salt = new_salt()
        if self.text or self.data:
            self.words_salt = new_salt()
        who = bound(self.who_salt, self.who()) if self.who_salt else ""
        return who, bound(self.words_salt, self.words()) if self.words_salt else ""
