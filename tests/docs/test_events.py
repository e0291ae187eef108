"""The page about events says what is so, and its example works as printed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from actions.models import Occasion, Rule
from audit.models import Event
from audit.states import Door, Happened
from kitsu_bridge.kitsu.events import EVENTS, KNOW_FROM, KNOW_TO
from tests.actions.conftest import an_action
from tests.actions.listening.conftest import comment, listener, own_studio, tasks

__all__ = ["an_action", "listener", "own_studio", "tasks"]

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/doors/events.md").read_text()


def test_it_works(listener, an_action, tasks, own_studio):
    fields = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
    statuses = {row["name"]: row["id"] for row in own_studio.bot().task_statuses()}
    an_action(slug="debug")
    rule = Rule(**fields | {"statuses_to": [statuses[name] for name in fields["statuses_to"]]})
    rule.full_clean()
    rule.save()
    listener.round()
    task = next(row for row in tasks if row["task_status_id"] not in rule.statuses_to)
    comment(task, "wfa")
    listener.round()
    run = Occasion.objects.get().invocation
    assert run.door == Door.EVENT
    assert rule.name in Event.objects.get(invocation=run, what=Happened.RULE_STARTED).text


def test_it_names_every_event():
    rows = dict(re.findall(r"^\| `([a-z:-]+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))
    assert rows == EVENTS
    known = dict(re.findall(r"^\| `([a-z:-]+)` \| [^|]+ \| ([^|]*?) ?\|$", PAGE, re.MULTILINE))
    assert {name for name, text in known.items() if "before" in text} == KNOW_FROM
    assert {name for name, text in known.items() if "status" in text} == KNOW_TO
