"""Erases one person's data wherever the record keeps it. The events stand, the chain verifies, and one event tells of it.

What an event says of a person lies apart from it, bound by a salted hash; it is emptied, and its salt with it. What the events of
others say of them by name is emptied as well, sentence and data together: nobody can prove half a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from audit.models import Event, Export, FarmJob, Invocation, InvocationFile, LogLine, LogView, Particulars, TaskResult
from audit.models.day import DayCount
from audit.models.event import new_event, write_event
from audit.models.log_view import LogHabit
from audit.retention.archived import erase_in_archives, known_in_archives
from audit.retention.whose import ERASED_ID, ERASED_NAME, WHO, WORDS, Whose, erasing, without
from audit.states import OPEN, Happened
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.users import SHADOW

AT_ONCE = 500
"""Rows at a time."""


class StillOpen(Exception):
    """Something of theirs is still waiting or running."""


@dataclass(slots=True)
class Counts:
    """How much there is of somebody."""

    events: int = 0
    mentions: int = 0
    invocations: int = 0
    files: int = 0
    others: dict[str, int] = field(default_factory=dict)


def whose(said: str) -> Whose:
    """Look somebody up by their id in Kitsu or by an e-mail, as the record knows them."""
    said = said.strip()
    by = Q(person_id__iexact=said) | Q(person_email__iexact=said)
    ids = {found for found in Invocation.objects.filter(by).values_list("person_id", flat=True) if found != ERASED_ID}
    acted = Q(actor_id=said) | Q(pk__in=_personal([said]).values("pk"))
    ids |= set(Particulars.objects.filter(acted).values_list("actor_id", flat=True))
    person_id = next(iter(sorted(ids - {""})), "")
    mine = Invocation.objects.filter(Q(person_id=person_id) & ~Q(person_id="") | Q(person_email__iexact=said))
    emails = {email.lower() for email in mine.values_list("person_email", flat=True) if email}
    if "@" in said and (emails or _personal([said]).exists()):
        emails.add(said.lower())
    names = set(mine.values_list("person_name", flat=True))
    names |= (
        set(Particulars.objects.filter(actor_id=person_id).values_list("actor_name", flat=True)) if person_id else set()
    )
    known = Whose(person_id, frozenset(emails), frozenset(names - {"", ERASED_NAME}))
    return known if known.known else known_in_archives(said)


def counts(one: Whose) -> Counts:
    """What would be erased."""
    mine = invocations_of(one)
    found = Counts(invocations=mine.count(), files=_files(mine).count())
    found.events = _who_parts(one).count()
    found.mentions = len(set(_mentions(one)))
    return found


def erase(one: Whose, actor: Person | None) -> Event:
    """Erase, and tell of it without the name. Raises `StillOpen`."""
    if invocations_of(one).filter(state__in=OPEN).exists():
        raise StillOpen("Something of theirs is still waiting or running. Cancel it first.")
    with transaction.atomic():
        who = list(_who_parts(one).values_list("pk", flat=True))
        words = _mentions(one)
        mine = list(invocations_of(one))
        files = list(_files(invocations_of(one)))
        told = new_event(
            Happened.ERASED,
            subject="erasure",
            actor=actor,
            text="The data of one person was erased.",
            data={"parts": len(who) + len(words), "invocations": len(mine), "files": len(files)},
        )
        told.save()
        _empty(who, WHO | {"who_erased_by": told.pk})
        _empty(words, WORDS | {"words_erased_by": told.pk})
        _invocations(mine, one, told)
        _mentioned_elsewhere(one, told)
        _own_rows(one)
        erasing.send(Whose, whose=one)
        for file in files:
            file.delete()
    if archives := erase_in_archives(one, told.pk):
        text = f"The data of one person was erased in {len(archives)} archives."
        write_event(Happened.ERASED, subject="erasure", actor=actor, text=text, data={"archives": archives})
    return told


def invocations_of(one: Whose) -> QuerySet[Invocation]:
    """Theirs, proven or claimed."""
    found = Q(pk=None)
    if one.id:
        found |= Q(person_id__iexact=one.id)
    for email in one.emails:
        found |= Q(person_email__iexact=email)
    return Invocation.objects.filter(found)


def _who_parts(one: Whose) -> QuerySet[Particulars]:
    acted = Q(actor_id=one.id) & ~Q(actor_id="")
    return Particulars.objects.filter(who_erased_by=None).filter(acted | Q(pk__in=_personal(one.emails).values("pk")))


def _personal(emails: Collection[str]) -> QuerySet[Particulars]:
    found = Q(pk=None)
    for email in emails:
        found |= Q(personal__email__iexact=email)
    return Particulars.objects.filter(found)


def _mentions(one: Whose) -> list[int]:
    """Events whose words name them, whoever's they are."""
    rows = Particulars.objects.filter(words_erased_by=None)
    return list(_naming(rows, one.words, "text", "data").values_list("pk", flat=True))


def _naming(rows: QuerySet[Any], words: Iterable[str], *columns: str) -> QuerySet[Any]:
    """Rows in which any of these columns holds any of the words; JSON is read as the text that the database keeps."""
    texts = {f"{name}_text": Cast(name, models.TextField()) for name in columns}
    found = Q(pk__in=())
    for word in words:
        # SQLite keeps JSON with every sign beyond ASCII escaped, both keep quotation marks so.
        written = {word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}
        for name in texts:
            for one in written:
                found |= Q(**{f"{name}__icontains": one})
    named: QuerySet[Any] = rows.annotate(**texts).filter(found)
    return named


def _empty(numbers: list[int], fields: dict[str, Any]) -> None:
    for start in range(0, len(numbers), AT_ONCE):
        Particulars.objects.filter(pk__in=numbers[start : start + AT_ONCE]).update(**fields)


def _files(mine: QuerySet[Invocation]) -> QuerySet[InvocationFile]:
    """Those that were given with a run. What runs made stays: it is about tasks."""
    return InvocationFile.objects.filter(invocation__in=mine, origin=InvocationFile.Origin.GIVEN)


def _invocations(mine: list[Invocation], one: Whose, told: Event) -> None:
    """What was sent and by whom goes; what came of it stays, where it does not name them."""
    for row in mine:
        row.person_id, row.person_name, row.person_email = ERASED_ID, ERASED_NAME, ""
        row.address = row.payload = row.fingerprint = ""
        row.understood = {**row.understood, "person_id": "", "person_email": ""}
        row.parameters = {}
        for part in ("payload", "caller", "parameters"):
            row.gone[part] = told.pk
            row.salts.pop(part, None)
    fields = [
        "person_id",
        "person_name",
        "person_email",
        "address",
        "payload",
        "fingerprint",
        "understood",
        "parameters",
    ]
    Invocation.objects.bulk_update(mine, [*fields, "gone", "salts"], batch_size=100)
    TaskResult.objects.filter(invocation__in=mine, state=TaskResult.State.PLANNED).delete()


OUTCOME = ("message", "reason", "outcome", "traceback", "progress_text")
HELD = {"outcome": OUTCOME, "parameters": ("parameters",), "payload": ("payload",), "caller": ("understood",)}
"""Fields of an invocation in which a name may stand, by the part that binds them."""


def _mentioned_elsewhere(one: Whose, told: Event) -> None:
    """Rows beside the events in which somebody wrote their name: the field that holds it is emptied."""
    for row in _naming(Invocation.objects.all(), one.words, *OUTCOME, "parameters", "payload", "understood"):
        _forget_in(row, one, told)
    for model, columns in TEXTS.items():
        for row in _naming(model._default_manager.all(), one.words, *columns).iterator(chunk_size=500):
            for name in columns:
                setattr(row, name, without(getattr(row, name), one.words))
            row.save(update_fields=columns)
            if model is TaskResult:
                _mark(row.invocation, "results", told)


TEXTS: dict[Any, tuple[str, ...]] = {
    TaskResult: ("name", "message", "data"),
    LogLine: ("text",),
    FarmJob: ("message", "log", "told", "sent"),
}


def _forget_in(row: Invocation, one: Whose, told: Event) -> None:
    for part, names in {
        "outcome": OUTCOME,
        "parameters": ("parameters",),
        "payload": ("payload",),
        "caller": ("understood",),
    }.items():
        new = {name: without(getattr(row, name), one.words) for name in names}
        if any(new[name] != getattr(row, name) for name in names):
            Invocation.objects.filter(pk=row.pk).update(**new)
            _mark(row, part, told)


def _mark(row: Invocation, part: str, told: Event) -> None:
    """A part that was changed cannot be proven any more, and says by whom."""
    row.gone[part] = told.pk
    row.salts.pop(part, None)
    Invocation.objects.filter(pk=row.pk).update(gone=row.gone, salts=row.salts)


def _own_rows(one: Whose) -> None:
    """What they kept for themselves, and where figures count them."""
    User.objects.filter(username=f"{SHADOW}{one.id}").delete()
    if not one.id:
        return
    LogView.objects.filter(owner_id=one.id).delete()
    LogHabit.objects.filter(owner_id=one.id).delete()
    for export in Export.objects.filter(person_id=one.id):
        export.delete()
    DayCount.objects.filter(side=DayCount.Side.PERSON, key=one.id).update(key=ERASED_ID)
