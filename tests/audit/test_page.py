from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import LogLine, TaskResult
from audit.states import State, WaitingFor


def shown(client, invocation):
    response = client.get(invocation.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": State.WAITING, "waiting_for": WaitingFor.CONFIRMATION, "reason": "Did you mean it?"}, ["Run it", "Cancel"]),
        ({"state": State.WAITING, "waiting_for": WaitingFor.KITSU, "reason": "Kitsu is away."}, ["Try again now"]),
        ({"state": State.QUEUED}, ["A worker will take it", "Cancel"]),
        ({"state": State.RUNNING, "started_at": timezone.now(), "total_count": 10, "done_count": 4, "progress_text": "At it"},
         ["4 of 10", "At it", "<progress"]),
        ({"state": State.SUCCEEDED, "message": "Done.", "outcome": {"then": "show"}}, ["Done."]),
        ({"state": State.FAILED, "reason": "Select a shot."}, ["Select a shot."]),
        ({"state": State.CRASHED, "reason": "Our fault, reference 1234."}, ["reference 1234"]),
        ({"state": State.REFUSED, "reason": "For supervisors."}, ["For supervisors."]),
        ({"state": State.CANCELLED, "reason": "Cancelled."}, ["Cancelled."]),
        ({"state": State.EXPIRED, "reason": "Nobody went on."}, ["Nobody went on."]),
        ({"state": State.JOINED, "reason": "It joined another one."}, ["It joined another one."]),
    ],
)  # fmt: skip
def test_every_state_has_its_page(browser, an_invocation, fields, words, monkeypatch):
    monkeypatch.setattr("audit.views.page.PATIENCE", 0)
    page = shown(browser("noa"), an_invocation("noa", **fields))
    assert all(word in page for word in words), page


@pytest.mark.parametrize(("state", "polls"), [(State.RUNNING, True), (State.QUEUED, True), (State.SUCCEEDED, False)])
def test_it_is_read_again_only_while_something_happens(browser, an_invocation, state, polls, monkeypatch):
    monkeypatch.setattr("audit.views.page.PATIENCE", 0)
    page = shown(browser("noa"), an_invocation("noa", state=state))
    assert ('hx-trigger="every' in page) is polls
    assert ('http-equiv="refresh"' in page) is polls


def test_it_waits_a_moment_for_a_quick_result(browser, an_invocation, monkeypatch):
    invocation = an_invocation("noa", state=State.QUEUED)
    monkeypatch.setattr("audit.views.page.LOOK_EVERY", 0)
    looks = []
    original = type(invocation).refresh_from_db

    def looked(self, *args, **kwargs):
        looks.append(1)
        if len(looks) == 3:
            type(invocation).objects.filter(pk=self.pk).update(
                state=State.SUCCEEDED, message="Quick.", outcome={"then": "show"}
            )
        return original(self, *args, **kwargs)

    monkeypatch.setattr(type(invocation), "refresh_from_db", looked)
    assert "Quick." in shown(browser("noa"), invocation)


def test_a_traceback_is_for_studio_managers(browser, an_invocation):
    invocation = an_invocation("noa", state=State.CRASHED, reason="Our fault.", traceback="Traceback: ValueError")
    assert "ValueError" not in shown(browser("noa"), invocation)
    assert "ValueError" in shown(browser("ada"), invocation)


def test_hostile_text_stays_text(browser, an_invocation):
    evil = "<script>alert(1)</script>"
    invocation = an_invocation(
        "robin", action_name=evil, message=evil, reason=evil, payload=evil, project_names=[evil],
        understood={"path": evil}, outcome={"then": "open", "target": "javascript:alert(1)", "link": "javascript:alert(2)"},
    )  # fmt: skip
    LogLine.objects.create(invocation=invocation, text=evil)
    TaskResult.objects.create(invocation=invocation, position=0, task_id="x", name=evil, state="done", message=evil)
    page = shown(browser("robin"), invocation)
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_results_come_a_hundred_at_a_time(browser, an_invocation):
    invocation = an_invocation("noa", kind="other", outcome={"then": "show"}, message="ok")
    TaskResult.objects.bulk_create(
        TaskResult(
            invocation=invocation, position=n, task_id=f"t{n}", name=f"SH{n:04}", state="failed" if n % 2 else "done"
        )
        for n in range(250)
    )
    page = shown(browser("noa"), invocation)
    assert page.count("SH0") == 100
    url = reverse("invocation_tasks", args=[invocation.pk])
    rest = browser("noa").get(url, {"after": "199"}).content.decode()
    assert rest.count("SH0") == 50
    failed = browser("noa").get(url, {"state": "failed", "q": "SH000"}).content.decode()
    assert failed.count("SH000") == 5
    for bad in ({"after": "x"}, {"state": "<"}, {"q": "\x00"}):
        assert browser("noa").get(url, bad).status_code == 200


def test_downloads(browser, an_invocation):
    invocation = an_invocation("noa")
    TaskResult.objects.create(
        invocation=invocation,
        position=0,
        task_id="t0",
        name="=cmd()",
        state="done",
        data={"a": {"b": 1}, "tags": ["x", "y"]},
    )
    client = browser("noa")
    rows = client.get(reverse("invocation_tasks_json", args=[invocation.pk]))
    assert b'"a": {"b": 1}' in b"".join(rows)
    table = b"".join(client.get(reverse("invocation_tasks_csv", args=[invocation.pk]))).decode()
    assert table.splitlines()[0] == "position,task_id,name,state,message,a.b,tags"
    assert table.splitlines()[1] == "0,t0,'=cmd(),done,,1,x; y"
    assert invocation.events.count() == 2


def test_the_page_is_kept_by_nobody(browser, an_invocation):
    response = browser("noa").get(an_invocation("noa").get_absolute_url())
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
