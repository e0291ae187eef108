"""Keeps what checks of the record came to, and checks by schedule: what is new often, everything once a day."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from audit.models import Seal, Verification
from audit.seals.trouble import Report
from audit.seals.verifying import verify

log = structlog.get_logger(__name__)

KEPT = 1000
"""Results that are kept; older ones are forgotten."""

SILENT = timedelta(minutes=10)
"""Events that wait for a seal longer than this mean that nobody seals."""


def keep_result(report: Report) -> Verification:
    """Write down what a check came to."""
    first = report.first
    made = Verification.objects.create(
        whole=report.first_seal == 1,
        good=report.good,
        first_seal=report.first_seal,
        last_seal=report.good_seal,
        last_seal_at=report.good_at,
        events=report.events,
        seconds=report.seconds,
        trouble=first.sentence if first else "",
    )
    Verification.objects.filter(pk__lte=made.pk - KEPT).delete()
    if first:
        log.error("The record is not as it was sealed", trouble=first.sentence)
    return made


def verify_until(stopped: threading.Event) -> None:
    """Round after round until told to stop."""
    while not stopped.wait(settings.VERIFY_EVERY):
        try:
            verify_in_turn()
        except (DatabaseError, OSError) as error:
            log.warning("The record could not be checked", error=str(error).splitlines()[0])
        finally:
            close_old_connections()


def verify_in_turn() -> Verification | None:
    """Everything where that is a day ago, else what was sealed since the last good check; None where that is nothing."""
    day = timezone.now() - timedelta(days=1)
    last = Verification.objects.first()
    whole = Verification.objects.filter(whole=True, at__gt=day).exists()
    if last is None or not last.good or not whole:
        return keep_result(verify())
    since = Seal.objects.filter(number=last.last_seal).first()
    if since is not None and not Seal.objects.filter(number__gt=since.number).exists():
        return None
    return keep_result(verify(since=since))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record stands, for people."""

    good: bool
    sentence: str
    sealed_at: datetime | None = None
    verified_at: datetime | None = None


def standing() -> Standing:
    """What the badge says."""
    seal = Seal.objects.order_by("-number").only("number", "at").first()
    checked = Verification.objects.first()
    sealed, verified = seal.at if seal else None, checked.at if checked else None
    if checked is not None and not checked.good:
        return Standing(False, f"The record was altered. {checked.trouble}", sealed, verified)
    if seal is None:
        return Standing(True, "Nothing is sealed yet.")
    return Standing(True, f"Sealed up to seal {seal.number}.", sealed, verified)
