from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from audit.figures import figures
from audit.models import Invocation
from audit.states import State


def test_it_works(an_invocation):
    for state in (State.SUCCEEDED, State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CRASHED, State.REFUSED):
        an_invocation("noa", state=state)
    an_invocation("noa", action_name="Look", state=State.RUNNING)
    assert figures(Invocation.objects.all()) == [
        {"action_name": "Review", "total": 6, "good": 2, "partial": 1, "failed": 2, "refused": 1},
        {"action_name": "Look", "total": 1, "good": 0, "partial": 0, "failed": 0, "refused": 0},
    ]


def test_it_leaves_out_what_is_long_past_and_what_has_no_action(an_invocation):
    an_invocation("noa", received_at=timezone.now() - timedelta(days=31))
    an_invocation("noa", action_name="")
    assert figures(Invocation.objects.all()) == []


def test_the_log_counts_only_what_one_may_see(browser, an_invocation, project_ids):
    an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    an_invocation("juno", project_ids=[project_ids["Ninth Tide"]])

    def counted(name):
        page = browser(name).get("/log/").content.decode()
        return re.findall(r"<bdi>Review</bdi></th><td>(\d+)</td>", page)

    assert {name: counted(name) for name in ("ada", "greta", "luis", "clara")} == {
        "ada": ["2"], "greta": ["1"], "luis": ["1"], "clara": []
    }  # fmt: skip
