"""The parts of the record's page: what each is called, how much there is of it, and what its template needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from audit.access import leads, visible_to
from audit.given import words_of
from audit.models import Invocation, TaskResult
from audit.record.chain import chain_of
from audit.record.happenings import happenings
from audit.seals.results import standing
from audit.seals.whose import sealed

LINES_AT_ONCE = 500
ROWS_AT_ONCE = 200
CHARACTERS_SHOWN = 100_000
"""Of the call as it was sent; the rest of it is in the record."""

Context = Callable[[HttpRequest, Invocation], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Tab:
    """One part as the page's navigation shows it; `count` is None where nothing is counted."""

    part: str
    title: str
    url: str
    count: int | None


def tabs_of(request: HttpRequest, invocation: Invocation) -> list[Tab]:
    """The parts that this person gets to see of this invocation, in their order."""
    counts = _counts(invocation)
    shown = [part for part in TITLES if part != "definition" or leads(request, invocation)]
    shown = [part for part in shown if counts.get(part) != 0 or part not in SELDOM]
    urls = {part: reverse(f"record_{part}", args=[invocation.pk]) for part in shown}
    return [Tab(part, TITLES[part], urls[part], counts.get(part)) for part in shown]


def _counts(invocation: Invocation) -> dict[str, int]:
    return {
        "events": invocation.events.count(),
        "tasks": invocation.results.count(),
        "lines": invocation.log_lines.count(),
        "farm": invocation.farm_jobs.count(),
        "files": invocation.files.count(),
    }


def _events(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    shown, more = happenings(invocation, number(request, "after"))
    return {"happenings": shown, "more": more, "sealed": sealed(invocation), "standing": standing()}


def _call(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    kept = len(invocation.payload.encode("utf-8", "replace"))
    return {
        "answers": words_of(invocation) or {},
        "shown": invocation.payload[:CHARACTERS_SHOWN],
        "cut": _cut(invocation, kept),
        "kept": kept,
    }


def _cut(invocation: Invocation, kept: int) -> str:
    """What of the call as it was sent the page does not show, in words; empty when it shows all."""
    if not invocation.payload:
        return "Nothing of its body is kept." if invocation.payload_size else ""
    said = []
    if invocation.payload_size > settings.PAYLOAD_KEPT and kept >= settings.PAYLOAD_KEPT // 2:
        said.append(f"Of {invocation.payload_size:,} bytes the first {settings.PAYLOAD_KEPT:,} were kept.")
    if len(invocation.payload) > CHARACTERS_SHOWN:
        said.append(f"Of these the first {CHARACTERS_SHOWN:,} characters are shown.")
    return " ".join(said)


def _tasks(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    rows = invocation.results.filter(position__gte=number(request, "from"))
    if (state := request.GET.get("state", "")) in TaskResult.State.values:
        rows = rows.filter(state=state)
    found = list(rows[: ROWS_AT_ONCE + 1])
    more = found[ROWS_AT_ONCE].position if len(found) > ROWS_AT_ONCE else 0
    return {"results": found[:ROWS_AT_ONCE], "more": more, "state": state, "states": TaskResult.State.choices}


def _lines(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    found = list(invocation.log_lines.filter(pk__gt=number(request, "after"))[: LINES_AT_ONCE + 1])
    shown = found[:LINES_AT_ONCE]
    return {"lines": shown, "more": shown[-1].pk if len(found) > LINES_AT_ONCE else 0}


def _farm(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    rows = invocation.farm_jobs.filter(pk__gt=number(request, "after")).order_by("pk").select_related("picture")
    found = list(rows[: ROWS_AT_ONCE + 1])
    shown = found[:ROWS_AT_ONCE]
    return {"farm_jobs": shown, "more": shown[-1].pk if len(found) > ROWS_AT_ONCE else 0}


def _files(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    return {"files": [(file, file.path.exists()) for file in invocation.files.all()[:ROWS_AT_ONCE]]}


def _runs(request: HttpRequest, invocation: Invocation) -> dict[str, Any]:
    return {"chain": chain_of(invocation, visible_to(request))}


TITLES = {
    "events": "What happened",
    "call": "Call and answer",
    "definition": "Definition",
    "tasks": "Tasks",
    "lines": "Log lines",
    "farm": "Farm jobs",
    "files": "Files",
    "runs": "Runs before and after",
}
"""The part about the definition is the registry's: its page is in `actions/record.py`."""

SELDOM = frozenset({"farm", "files"})
"""Parts that are left out where there is nothing of them."""

CONTEXTS: dict[str, Context] = {
    "events": _events,
    "call": _call,
    "tasks": _tasks,
    "lines": _lines,
    "farm": _farm,
    "files": _files,
    "runs": _runs,
}


def number(request: HttpRequest, name: str) -> int:
    """A whole number of the address; 0 for what is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
