"""What a person gave with a run, in the words of the form they saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.models import Invocation
from audit.states import Happened

BEFORE = 20
"""How many runs back the words are looked for; a chain of re-runs may be as long as people like."""


def words_of(invocation: Invocation) -> dict[str, Any] | None:
    """By the labels of the form. Who runs something again unchanged is asked for nothing: the words are those of then.

    None where nobody was asked, as by a program.
    """
    for one in _same_before(invocation):
        given = one.events.filter(what=Happened.GIVEN).order_by("-id").first()
        if given is not None and isinstance(answers := given.data.get("answers"), dict):
            return dict(answers)
    return None


def _same_before(invocation: Invocation) -> Iterator[Invocation]:
    """Itself, and the runs before it as long as their answers are the same."""
    one: Invocation | None = invocation
    for _ in range(BEFORE):
        if one is None or _told_apart(one) != _told_apart(invocation):
            return
        yield one
        one = one.rerun_of


def _told_apart(invocation: Invocation) -> dict[str, Any]:
    """Its answers, with files by name: a re-run has copies of them, with ids of their own."""
    parameters = invocation.parameters.items()
    return {name: value.get("name") if isinstance(value, dict) else value for name, value in parameters}
