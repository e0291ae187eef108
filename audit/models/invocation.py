"""An invocation: one received request to run an action, whatever became of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from audit.ended import ended
from audit.models.event import Event, new_event
from audit.models.generated import Scope, SecondsBetween
from audit.states import ENDED, OPEN, Door, Happened, State, Trust, WaitingFor
from kitsu_bridge.kitsu.people import Person


class Invocation(models.Model):
    """What was asked, by whom, and where it stands now. Its events say how it came there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField(default=timezone.now)
    door = models.CharField(max_length=12, choices=Door)
    # Few calls have one of these three, so each has an index of those only: see Meta.
    rerun_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reruns", db_index=False
    )
    behind = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="in_front_of",
        db_index=False,
        help_text="The running one that it waits for, has joined, or was refused for.",
    )
    tells_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="told_by",
        db_index=False,
        help_text="Of whose end.",
    )
    retry = models.BooleanField(default=False, help_text="Only of what rerun_of has not done.")

    action_slug = models.CharField(max_length=80, blank=True, help_text="As it was called, known or not.")
    action_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    options = models.JSONField(default=dict, blank=True)
    definition = models.JSONField(default=dict, blank=True, help_text="The action as it was then.")
    version = models.PositiveIntegerField(default=0, help_text="Of the action's definition.")
    parameters = models.JSONField(default=dict, blank=True, help_text="Suggested until given_at, then given.")
    given_at = models.DateTimeField(null=True, blank=True, help_text="When the person gave the parameters.")
    previewing = models.BooleanField(default=False, help_text="A worker is to say what it will do, not to do it.")
    planned_at = models.DateTimeField(null=True, blank=True, help_text="When it was said what it will do.")

    trust = models.CharField(max_length=8, choices=Trust, blank=True, default=Trust.NONE)
    person_id = models.CharField(max_length=64, blank=True)
    person_name = models.CharField(max_length=200, blank=True)
    person_email = models.CharField(max_length=200, blank=True)
    person_role = models.CharField(max_length=20, blank=True)
    bearer = models.JSONField(default=dict, blank=True, help_text="The bridge token that it came with, and what for.")
    address = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=200, blank=True, help_text="The page's origin, as the browser said it.")

    project_id = models.CharField(max_length=64, blank=True, help_text="As the payload says.")
    project_ids = models.JSONField(default=list, blank=True, help_text="Of the tasks themselves, once they were read.")
    project_names = models.JSONField(default=list, blank=True)
    scope = models.GeneratedField(
        expression=Scope("project_ids"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
        help_text="The production that it is about; * for several.",
    )
    entities = models.TextField(blank=True, help_text="Names of the tasks' entities, once they were read; a line each.")
    entity_type = models.CharField(max_length=40, blank=True, help_text="As the payload says; unreliable.")
    understood = models.JSONField(default=dict, blank=True, help_text="The payload's other fields, as they were read.")
    task_ids = models.JSONField(default=list, blank=True)
    task_count = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="Same person, action, selection and parameters."
    )

    payload = models.TextField(blank=True, help_text="As it was sent; capped, secrets masked.")
    payload_type = models.CharField(max_length=120, blank=True)
    payload_size = models.PositiveIntegerField(default=0, help_text="Bytes, before any cap.")

    state = models.CharField(max_length=10, choices=State)
    waiting_for = models.CharField(max_length=14, choices=WaitingFor, blank=True, default=WaitingFor.NOTHING)
    reason = models.TextField(blank=True, help_text="Why it waits, was refused, failed or crashed: for the person.")
    reason_code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True, help_text="The outcome's one line.")
    outcome = models.JSONField(default=dict, blank=True)
    traceback = models.TextField(blank=True, help_text="Of a crash: for the operator.")
    done_count = models.PositiveIntegerField(default=0, help_text="Progress: how many of total_count.")
    total_count = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)

    queue = models.CharField(max_length=80, blank=True)
    claim = models.UUIDField(null=True, blank=True, help_text="Of the worker that has it.")
    worker = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it.")
    sends = models.PositiveSmallIntegerField(default=0, help_text="How often it was handed to the broker.")
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the sweeper looks at it next.")
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    salts = models.JSONField(default=dict, blank=True, help_text="Of the parts that its events bind by hash.")
    gone = models.JSONField(
        default=dict, blank=True, help_text="Parts that were pruned or erased: the event telling so."
    )
    seconds = models.GeneratedField(
        expression=SecondsBetween("finished_at", "started_at"),
        output_field=models.FloatField(null=True),
        db_persist=True,
        help_text="From a worker's beginning to the end.",
    )

    class Meta:
        ordering = ("-received_at", "-id")
        # The log is walked from the newest on, by whatever was asked for: so each of these ends with the log's order. Partial
        # ones leave out the word that most rows have; benchmarks/log.py says what each is good for.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-received_at", "-id"], name="invocation_newest"),
            models.Index(fields=["person_id", "-received_at", "-id"], name="invocation_of_person"),
            models.Index(fields=["scope", "-received_at", "-id"], name="invocation_of_production"),
            models.Index(fields=["action_slug", "-received_at", "-id"], name="invocation_of_action"),
            models.Index(fields=["kind", "-received_at", "-id"], name="invocation_of_kind"),
            models.Index(
                fields=["state", "-received_at", "-id"],
                name="invocation_in_state",
                condition=~models.Q(state=State.SUCCEEDED),
            ),
            models.Index(
                fields=["door", "-received_at", "-id"], name="invocation_by_door", condition=~models.Q(door=Door.FORM)
            ),
            models.Index(
                fields=["trust", "-received_at", "-id"],
                name="invocation_of_trust",
                condition=~models.Q(trust=Trust.PROVEN),
            ),
            models.Index(
                fields=["reason_code", "-received_at", "-id"],
                name="invocation_with_reason",
                condition=~models.Q(reason_code=""),
            ),
            models.Index(fields=["seconds"], name="invocation_lasting", condition=models.Q(seconds__isnull=False)),
            models.Index(fields=["fingerprint", "-received_at"], name="invocation_same"),
            models.Index(
                fields=["state", "next_at"],
                name="invocation_open",
                condition=models.Q(state__in=sorted(OPEN)),
            ),
            # Each page says how many of one's own are open.
            models.Index(fields=["person_id"], name="invocation_open_of", condition=models.Q(state__in=sorted(OPEN))),
            *(
                models.Index(fields=[link], name=f"invocation_{link}", condition=models.Q((f"{link}__isnull", False)))
                for link in ("rerun_of", "behind", "tells_of")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_name or self.action_slug} {self.received_at:%Y-%m-%d %H:%M:%S}"

    def get_absolute_url(self) -> str:
        """The invocation's page."""
        return reverse("invocation", args=[self.pk])

    @property
    def ended(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.state in ENDED

    @property
    def reference(self) -> str:
        """What a person quotes to the operator: the first eight characters of the id."""
        return str(self.pk)[:8]

    @property
    def duration(self) -> timedelta | None:
        """From a worker's beginning to the end, or until now while it runs."""
        if self.started_at is None:
            return None
        return (self.finished_at or timezone.now()) - self.started_at

    def set_person(self, person: Person, trust: Trust) -> None:
        """Write down who it is, and how sure that is."""
        self.trust = trust
        self.person_id, self.person_role = person.id[:64], person.role[:20]
        self.person_name, self.person_email = person.name[:200], person.email[:200]

    def move(
        self,
        to: State,
        *,
        when: Collection[State],
        event: Event | None = None,
        where: dict[str, Any] | None = None,
        **fields: Any,
    ) -> bool:
        """Go to another state, if it still stands in one of `when` and fits `where`; the event is written with it.

        One conditional UPDATE, so that of two who try only one succeeds; False for the other.
        """
        changes: dict[str, Any] = {"state": to, **fields}
        if to in ENDED:
            changes |= {"finished_at": timezone.now(), "waiting_for": WaitingFor.NOTHING, "next_at": None}
        with transaction.atomic():
            rows = Invocation.objects.filter(pk=self.pk, state__in=when, **(where or {}))
            if not rows.update(**changes):
                return False
            if event is not None:
                event.save()
            if to in ENDED:
                transaction.on_commit(partial(ended.send_robust, sender=Invocation, pk=self.pk), robust=True)
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def event(self, what: Happened, *, actor: Person | None = None, text: str = "", **data: Any) -> Event:
        """An event of this invocation, not yet written."""
        return new_event(what, invocation=self, actor=actor, text=text, data=data)

    def ask_to_cancel(self, actor: Person | None, why: str = "") -> bool:
        """Stop it: at once when nobody has it yet, else the worker is asked to. False when it has ended already."""
        stopped = self.event(Happened.CANCELLED, actor=actor, text=why or "Cancelled before it began.")
        if self.move(State.CANCELLED, when={State.WAITING, State.QUEUED}, event=stopped, reason=stopped.text):
            return True
        now: datetime = timezone.now()
        asked = self.event(Happened.CANCEL_ASKED, actor=actor, text=why or "Asked the worker to stop.")
        return self.move(
            State.RUNNING, when={State.RUNNING}, where={"cancel_asked_at": None}, event=asked, cancel_asked_at=now
        )
