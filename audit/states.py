"""The states of an invocation, what it may wait for, and the ways in; the glossary says what each means."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where an invocation stands."""

    WAITING = "waiting", "Waiting"
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    PARTIAL = "partial", "Partly done"
    FAILED = "failed", "Failed"
    CRASHED = "crashed", "Crashed"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    JOINED = "joined", "Joined"


OPEN = frozenset({State.WAITING, State.QUEUED, State.RUNNING})
"""States in which something will still happen."""

ENDED = frozenset(State) - OPEN
"""States in which nothing happens any more."""


class WaitingFor(models.TextChoices):
    """What a waiting invocation waits for."""

    NOTHING = "", "Nothing"
    SIGN_IN = "sign_in", "Sign-in"
    CONFIRMATION = "confirmation", "Confirmation"
    KITSU = "kitsu", "Kitsu"
    PARAMETERS = "parameters", "Parameters"
    APPROVAL = "approval", "Approval"
    MAINTENANCE = "maintenance", "Maintenance"


class Trust(models.TextChoices):
    """How sure we are who asked."""

    NONE = "", "Unknown"
    CLAIMED = "claimed", "Claimed"
    PROVEN = "proven", "Proven"


class Door(models.TextChoices):
    """The way in."""

    FORM = "form", "Kitsu form"
    AJAX = "ajax", "Kitsu in the background"
    LINK = "link", "Link"
    RERUN = "rerun", "Run again"
    FEEDBACK = "feedback", "Feedback"
    COMMAND = "command", "Command line"
    REST = "rest", "REST"
    JET = "jet", "Jet Admin"
    EVENT = "event", "Kitsu event"
    SCHEDULE = "schedule", "Schedule"


class Happened(models.TextChoices):
    """What an event is about."""

    RECEIVED = "received", "Received"
    PROVEN = "proven", "Proven"
    REFUSED = "refused", "Refused"
    WAITING = "waiting", "Waiting"
    GIVEN = "given", "Parameters given"
    PLANNED = "planned", "Said what it will do"
    BACK = "back", "Back to the parameters"
    CONFIRMED = "confirmed", "Confirmed"
    QUEUED = "queued", "Queued"
    REPEATED = "repeated", "Received again"
    SENT_AGAIN = "sent_again", "Sent to the queue again"
    CLAIMED = "claimed", "Taken by a worker"
    RESOLVED = "resolved", "Tasks read from Kitsu"
    CANCEL_ASKED = "cancel_asked", "Cancel asked for"
    CANCELLED = "cancelled", "Cancelled"
    WORKER_LOST = "worker_lost", "Worker lost"
    FARM_SENT = "farm_sent", "Job sent to the farm"
    FARM_FOUND = "farm_found", "Job found on the farm"
    FARM_ENDED = "farm_ended", "Job ended on the farm"
    FARM_ASKED = "farm_asked", "Farm asked"
    FARM_TOLD = "farm_told", "Kitsu told of a job's end"
    FINISHED = "finished", "Finished"
    EXPIRED = "expired", "Expired"
    RERUN = "rerun", "Run again"
    BEHIND = "behind", "Waits for another one"
    JOINED = "joined", "Joined another one"
    TOLD = "told", "Told of its end"
    SHARED = "shared", "Link shared"
    EXPORTED = "exported", "Exported"
    TICKET_GIVEN = "ticket_given", "Link for the launcher given"
    TICKET_TAKEN = "ticket_taken", "Ticket taken"
    TICKET_REFUSED = "ticket_refused", "Ticket refused"
    TICKET_REPORTED = "ticket_reported", "Launcher reported"
    TICKET_EXPIRED = "ticket_expired", "Ticket expired"
    ACTION_CREATED = "action_created", "Action created"
    ACTION_CHANGED = "action_changed", "Action changed"
    ACTION_DELETED = "action_deleted", "Action deleted"
    KIND_ENABLED = "kind_enabled", "Kind switched on"
    KIND_DISABLED = "kind_disabled", "Kind switched off"
    ACTION_PUBLISHED = "action_published", "Action published to Kitsu"
    APPROVED = "approved", "Consented"
    NOT_APPROVED = "not_approved", "Did not consent"
    HANDED = "handed", "Handed to a lead"
    SCHEDULED = "scheduled", "Schedule carried out"
    SCHEDULE_CREATED = "schedule_created", "Schedule created"
    SCHEDULE_CHANGED = "schedule_changed", "Schedule changed"
    SCHEDULE_DELETED = "schedule_deleted", "Schedule deleted"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Resumed"
    WORKER_DRAINED = "worker_drained", "Worker told to take nothing new"
    WORKER_RESUMED = "worker_resumed", "Worker takes invocations again"
    ERASED = "erased", "Person erased"
    PRUNED = "pruned", "Pruned"
    RETENTION_CHANGED = "retention_changed", "Retention changed"
    PLACE_TAKEN = "place_taken", "Place taken"
    PRESET_KEPT = "preset_kept", "Preset kept"
    PRESET_REMOVED = "preset_removed", "Preset removed"
    RULE_CREATED = "rule_created", "Rule created"
    RULE_CHANGED = "rule_changed", "Rule changed"
    RULE_DELETED = "rule_deleted", "Rule deleted"
    RULE_STARTED = "rule_started", "Started by a rule"
    EVENTS_LOST = "events_lost", "Events of Kitsu lost"
    KIND_SEEN = "kind_seen", "Kind first seen"
    SETTINGS_CHANGED = "settings_changed", "Settings changed"
    USER_CHANGED = "user_changed", "Local user changed"
    USER_DELETED = "user_deleted", "Local user deleted"
    GROUP_CHANGED = "group_changed", "Local group changed"
    GROUP_DELETED = "group_deleted", "Local group deleted"
    TOKEN_MADE = "token_made", "Token made"
    TOKEN_CHANGED = "token_changed", "Token changed"
    TOKEN_ROTATED = "token_rotated", "Token got a new secret"
    TOKEN_REVOKED = "token_revoked", "Token revoked"
    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_REFUSED = "sign_in_refused", "Sign-in refused"
