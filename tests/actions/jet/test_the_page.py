"""docs/doors/jet.md: every request on it works as printed, and its answers are those."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from actions.first_actions import FIRST
from actions.models import Action
from audit.models import Invocation
from audit.states import Door, State

PAGE = (Path(__file__).parents[3] / "docs/doors/jet.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE)
EXAMPLES = [(shell, answer) for (kind, shell), (_, answer) in pairwise(BLOCKS) if kind == "sh"]
PRINTED = "http://127.0.0.1:8000"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_handlers"),
    pytest.mark.skipif(not shutil.which("curl"), reason="needs curl"),
]


@pytest.fixture
def typed(live_server, kinds_folder, a_secret):
    """Types a command of the page into a shell; the answer as JSON."""
    Action.objects.create(**next(one for one in FIRST if one.get("slug") == "debug"))
    kinds_folder("for_jet", next(text for kind, text in BLOCKS if kind == "python"))
    tokens = {"narrow": a_secret(action_slugs=["debug"]), "wide": a_secret()}

    def run(shell):
        secret = tokens["wide" if "greet" in shell or "tonight" in shell else "narrow"]
        command = ["bash", "-c", shell.replace(PRINTED, live_server.url)]
        env = {"PATH": os.environ["PATH"], "TOKEN": secret}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
        return json.loads(done.stdout.replace(live_server.url, PRINTED))

    return run


def test_it_works(typed):
    assert len(EXAMPLES) == 7
    for shell, answer in EXAMPLES:
        told = typed(shell)
        if isinstance(told, dict) and "page" in told:
            told["page"] = re.sub(r"[0-9a-f-]{36}", "...", told["page"])
        assert told == json.loads(answer), shell
    ran = Invocation.objects.filter(door=Door.JET, state=State.QUEUED).order_by("received_at")
    assert [len(one.task_ids) > 1 for one in ran] == [True, True, False]
    assert Invocation.objects.filter(door=Door.JET, reason_code="parameters").count() == 1
