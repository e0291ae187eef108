"""`Idempotency-Key`: nothing is done twice."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions.line.sweeper import sweep
from actions.models import Action, KeptAnswer
from actions.rest import once
from audit.models import Invocation
from audit.states import Happened
from tests.actions.rest.conftest import API

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _(an_action, kept_back):
    an_action("debug", double_click_window=0)


def test_it_works(program, sample_task_ids):
    ada, body = program(), {"tasks": sample_task_ids(1)}
    first, again = (ada.post("actions/debug/run/", body, idempotency_key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert Invocation.objects.count() == 1
    ada.post("actions/debug/run/", body, idempotency_key="another")
    assert Invocation.objects.count() == 2


def test_another_body_is_refused(program, sample_task_ids):
    ada = program()
    ada.post("actions/debug/run/", {"tasks": sample_task_ids(1)}, idempotency_key="k")
    answer = ada.post("actions/debug/run/", {"tasks": sample_task_ids(2)}, idempotency_key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key")
    assert Invocation.objects.count() == 1


def test_a_refusal_is_kept_as_well(program):
    ada = program()
    answers = [ada.post("actions/debug/run/", {"tasks": []}, idempotency_key="k") for _ in range(2)]
    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Content-Type"] == "application/problem+json"


def test_keys_of_others_are_theirs(program, bridge_token, sample_task_ids):
    body = {"tasks": sample_task_ids(1)}
    for one in (program("ada"), program("hana"), bridge_token("admin")[0], bridge_token("admin")[0]):
        assert one.post("actions/debug/run/", body, idempotency_key="k").status_code == 202
    assert Invocation.objects.count() == 4


@pytest.mark.parametrize("hours", [1, 24])
def test_it_is_kept_as_long_as_the_studio_says(settings, program, sample_task_ids, hours):
    settings.IDEMPOTENCY_HOURS = hours
    ada, body = program(), {"tasks": sample_task_ids(1)}
    ada.post("actions/debug/run/", body, idempotency_key="k")
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=hours, minutes=-5))
    ada.post("actions/debug/run/", body, idempotency_key="k")
    assert Invocation.objects.count() == 1
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=hours, seconds=1))
    ada.post("actions/debug/run/", body, idempotency_key="k")
    assert Invocation.objects.count() == 2


def test_the_sweeper_forgets_what_was_kept_long_enough(program, sample_task_ids):
    ada, body = program(), {"tasks": sample_task_ids(1)}
    for key in ("old", "new"):
        ada.post("actions/debug/run/", body, idempotency_key=key)
    KeptAnswer.objects.filter(key="old").update(made_at=timezone.now() - timedelta(days=2))
    assert [sweep()["answers forgotten"] for _ in range(2)] == [1, 0]
    assert KeptAnswer.objects.get().key == "new"


def test_a_link_is_recorded_once_and_kept_nowhere(program, a_queued_invocation, client):
    invocation = a_queued_invocation(Action.objects.get())
    path = f"invocations/{invocation.pk}/share/"
    ada = program()
    links = [ada.post(path, idempotency_key="k").json()["link"] for _ in range(2)]
    assert invocation.events.filter(what=Happened.SHARED).count() == 1
    assert [client.get(link, headers={"accept": "text/html"}).status_code for link in links] == [200, 200]
    assert "share" not in KeptAnswer.objects.get().body
    assert program("clara").post(path, idempotency_key="k").status_code == 404


def test_a_change_of_the_registry_is_made_once(program):
    ada, path = program(), "registry/actions/debug/"
    key = {"if_match": ada.get(path).headers["ETag"], "idempotency_key": "k"}
    first, again = (ada.send("patch", path, {"description": "Looks"}, **key) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers["ETag"] == again.headers["ETag"] != key["if_match"]
    assert Action.objects.get().version == 2
    other = ada.send("patch", path, {"description": "Looks"}, **key | {"if_match": first.headers["ETag"]})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key")
    gone = key | {"if_match": first.headers["ETag"], "idempotency_key": "g"}
    assert [ada.send("delete", path, **gone).status_code for _ in range(2)] == [204, 204]


def test_a_file_is_brought_in_once(program):
    ada = program()
    text = ada.get("registry/file/").content.decode().replace("Debug", "Look")
    key = {"idempotency-key": "k", "if-match": ada.get("registry/file/").headers["ETag"]}

    def sent(path, text, **headers):
        return ada.client.post(f"{API}/registry/file/{path}/", text, content_type="application/yaml", headers=headers)

    plans = [sent("plan", text, **{"idempotency-key": "p"}) for _ in range(2)]
    assert plans[0].content == plans[1].content
    assert plans[0].headers["ETag"] == plans[1].headers["ETag"] == key["if-match"]
    answers = [sent("apply", text, **key) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert Action.objects.get().version == 2
    wrong = [sent("apply", "no: file", **{"idempotency-key": "w"}) for _ in range(2)]
    assert [one.status_code for one in wrong] == [422, 422]


def test_not_now_is_not_kept(settings, program, sample_task_ids):
    settings.RATE_PER_PERSON = "1/minute"
    ada, body = program(), {"tasks": sample_task_ids(1)}
    ada.post("actions/debug/run/", body)
    assert ada.post("actions/debug/run/", body, idempotency_key="k").status_code == 429
    settings.RATE_PER_PERSON = "100/minute"
    assert ada.post("actions/debug/run/", body, idempotency_key="k").status_code == 202


def test_the_second_of_two_waits_for_the_first(program, sample_task_ids):
    """Both at the same moment, from two threads: one invocation, one answer."""
    body, answers = {"tasks": sample_task_ids(1)}, []
    programs = [program(), program()]
    together = threading.Barrier(2)

    def call(one):
        together.wait()
        answers.append(one.post("actions/debug/run/", body, idempotency_key="k"))
        connection.close()

    threads = [threading.Thread(target=call, args=(one,)) for one in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert Invocation.objects.count() == 1


def test_who_waits_too_long_is_told_to_come_again(monkeypatch, program, sample_task_ids):
    monkeypatch.setattr(once, "PATIENCE", 0.1)
    ada, body = program(), {"tasks": sample_task_ids(1)}
    ada.post("actions/debug/run/", body, idempotency_key="k")
    KeptAnswer.objects.update(status=None)
    begun = time.monotonic()
    answer = ada.post("actions/debug/run/", body, idempotency_key="k")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
    assert time.monotonic() > begun
    assert Invocation.objects.count() == 1


def test_bad_keys_are_refused(program, sample_task_ids):
    body = {"tasks": sample_task_ids(1)}
    for key in ("", "k" * 256):
        assert program().post("actions/debug/run/", body, idempotency_key=key).status_code == 400
