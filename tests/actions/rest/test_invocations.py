"""The log by REST, and what can be done with an invocation."""

from __future__ import annotations

import uuid

import pytest

from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Happened, State

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_works(program, an_action, a_queued_invocation, kept_back):
    invocation = a_queued_invocation(an_action("debug"), 5)
    carry_out(str(invocation.pk))
    ada = program()
    assert ada.get("invocations/").json()["results"][0]["id"] == str(invocation.pk)
    assert ada.get(f"invocations/{invocation.pk}/").json()["task_ids"] == invocation.task_ids
    first = ada.get(f"invocations/{invocation.pk}/tasks/", {"limit": 3}).json()
    rest = ada.client.get(first["next"]).json()
    assert [row["task_id"] for row in first["results"] + rest["results"]] == invocation.task_ids
    assert rest["next"] is None
    assert ada.get(f"invocations/{invocation.pk}/events/").json()["results"][-1]["what"] == "finished"
    assert ada.get(f"invocations/{invocation.pk}/lines/").status_code == 200


def test_pages_stay_where_they_are(program, an_action, a_queued_invocation):
    action = an_action("debug")
    rows = [a_queued_invocation(action) for _ in range(5)]
    ada = program()
    first = ada.get("invocations/", {"limit": 2}).json()
    a_queued_invocation(action)
    second = ada.client.get(first["next"]).json()
    seen = [row["id"] for row in first["results"] + second["results"]]
    assert seen == [str(row.pk) for row in rows[:0:-1]]


def test_it_filters_as_the_log(program, an_action, a_queued_invocation):
    action = an_action("debug")
    failed, _ = a_queued_invocation(action), a_queued_invocation(action)
    Invocation.objects.filter(pk=failed.pk).update(state=State.FAILED)
    found = program().get("invocations/", {"state": ["failed", "crashed"], "action": "debug"}).json()["results"]
    assert [row["id"] for row in found] == [str(failed.pk)]


def test_each_sees_what_is_theirs(program, an_action, a_queued_invocation, sample_person):
    theirs = a_queued_invocation(an_action("debug"), person=sample_person("user"))
    paths = [f"invocations/{theirs.pk}/{part}" for part in ("", "tasks/", "events/", "lines/")]
    other = program("clara")
    assert [other.get(path).status_code for path in paths] == [404] * 4
    assert other.get("invocations/").json()["results"] == []
    for act in ("confirm", "cancel", "rerun", "share", "approve", "refuse"):
        assert other.post(f"invocations/{theirs.pk}/{act}/").status_code == 404
    assert [program("ada").get(path).status_code for path in paths] == [200] * 4
    assert program("").get(paths[0]).status_code == 401
    theirs.refresh_from_db()
    assert theirs.cancel_asked_at is None


def test_a_token_reads_its_own_actions_alone(bridge_token, an_action, a_queued_invocation):
    mine, other = a_queued_invocation(an_action("debug", "mine")), a_queued_invocation(an_action("debug", "other"))
    held, _ = bridge_token("admin", action_slugs=["mine"])
    assert [row["id"] for row in held.get("invocations/").json()["results"]] == [str(mine.pk)]
    assert held.get(f"invocations/{other.pk}/").status_code == 404
    assert held.post(f"invocations/{other.pk}/cancel/").status_code == 404


def test_it_is_read_again_only_when_it_changed(program, an_action, a_queued_invocation):
    invocation, ada = a_queued_invocation(an_action("debug")), program()
    path = f"invocations/{invocation.pk}/"
    etag = ada.get(path).headers["ETag"]
    assert ada.get(path, None, **{"if-none-match": etag}).status_code == 304
    Invocation.objects.filter(pk=invocation.pk).update(done_count=1)
    assert ada.get(path, None, **{"if-none-match": etag}).status_code == 200


def test_it_stops_runs_again_and_shares(program, an_action, a_queued_invocation, kept_back, client):
    invocation, ada = a_queued_invocation(an_action("debug")), program()
    path = f"invocations/{invocation.pk}"
    assert ada.post(f"{path}/cancel/").json()["state"] == "cancelled"
    assert ada.post(f"{path}/cancel/").status_code == 409
    again = ada.post(f"{path}/rerun/", {"what": "unfinished"})
    assert again.status_code == 202
    assert again.json()["rerun_of"] == str(invocation.pk)
    link = ada.post(f"{path}/share/").json()["link"]
    assert client.get(link, headers={"accept": "text/html"}).status_code == 200
    assert invocation.events.filter(what=Happened.SHARED).exists()


def test_others_consent(program, an_action, sample_task_ids, at_once):
    an_action("debug", approvers=["managers"])
    asked = program("noa").post("actions/debug/run/", {"tasks": sample_task_ids(1), "confirmed": True}).json()
    path = f"invocations/{asked['id']}"
    invocation = Invocation.objects.get()
    assert invocation.waiting_for == "approval"
    assert program("noa").post(f"{path}/approve/").status_code == 404
    assert program("hana").post(f"{path}/approve/", {"nte": "No"}).json()["errors"] == {
        "nte": "There is no such field."
    }
    assert program("hana").post(f"{path}/approve/", {"note": "Yes"}).status_code == 200
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED
    assert invocation.approval.decisions.get().by == "rest"
    assert program("hana").post(f"{path}/refuse/").status_code == 409


def test_what_there_is_not_is_a_problem(program):
    answer = program().get(f"invocations/{uuid.uuid4()}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
