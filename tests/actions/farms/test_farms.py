"""Jobs on a farm: sent once, looked at until they end, told to Kitsu once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.farms.contract import FarmAway, FarmUnsure, Seen
from actions.farms.submitting import InvocationFarms
from actions.worker.run import carry_out
from audit.models import FarmJob
from audit.states import Happened, State
from kitsu_bridge.kitsu.studio import studio
from tests.actions.farms.memory import MEMORY, look_and_tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("memory_farm")]


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def due():
    FarmJob.objects.filter(next_at__isnull=False).update(next_at=timezone.now())


def states(invocation):
    return [job.state for job in invocation.farm_jobs.all()]


def test_it_works(sent):
    invocation = sent()
    assert (invocation.state, states(invocation)) == (State.SUCCEEDED, ["queued", "queued"])
    MEMORY.seen = {"1": Seen("running", done=3, total=10), "2": Seen("done", done=10, total=10)}
    assert look_and_tell() == 2
    first, second = invocation.farm_jobs.all()
    assert (first.state, first.percent, first.ended_at) == ("running", 30, None)
    assert (second.state, second.ended) == ("done", True)
    assert second.picture.path.exists()
    assert MEMORY.looks == 1  # One request for both.
    assert look_and_tell() == 0  # Nothing is due yet.
    assert invocation.events.filter(what=Happened.FARM_ENDED).count() == 1


def test_a_job_whose_answer_was_lost_is_found_and_not_sent_again(sent):
    MEMORY.trouble = {"submit": [FarmUnsure("no answer")]}
    invocation = sent(count=1)
    assert (states(invocation), len(MEMORY.jobs)) == (["queued"], 1)


def test_a_retry_finds_what_the_first_one_sent(sent, a_queued_invocation, an_action):
    MEMORY.trouble = {"submit": [FarmUnsure("no answer")], "find": [FarmAway("down"), FarmAway("down")]}
    first = sent(count=1)
    assert (first.state, states(first)) == (State.FAILED, ["submitting"])
    retry = run(
        a_queued_invocation(
            an_action("rendered", "rendered-2"), rerun_of=first, retry=True, task_ids=list(first.task_ids)
        )
    )
    assert (states(retry), len(MEMORY.jobs)) == (["queued"], 1)
    assert retry.events.filter(what=Happened.FARM_FOUND).exists()


def test_a_second_delivery_sends_nothing(sent, a_queued_invocation, an_action):
    invocation = sent(count=1)
    again = InvocationFarms(invocation).submit(MEMORY, {}, "again", None)
    task = type("T", (), {"id": invocation.task_ids[0], "name": "x"})
    same = InvocationFarms(invocation).submit(MEMORY, {}, "x", task)
    assert (again.id, same.id, len(MEMORY.jobs)) == ("2", "1", 2)


def test_a_farm_that_is_down_has_nothing_and_the_rest_can_be_sent(sent):
    MEMORY.trouble = {"submit": [FarmAway("The farm cannot be reached.")]}
    invocation = sent(count=2)
    assert (invocation.state, states(invocation)) == (State.PARTIAL, ["pending", "queued"])
    assert invocation.farm_jobs.first().message == "The farm cannot be reached."


def test_a_farm_that_does_not_answer_is_asked_again(sent):
    invocation = sent(count=1)
    MEMORY.trouble = {"look": [FarmAway("down")]}
    assert look_and_tell() == 0
    job = invocation.farm_jobs.get()
    assert (job.state, "asked again" in job.message) == ("queued", True)
    due()
    MEMORY.seen = {"1": Seen("running", total=5)}
    assert look_and_tell() == 1


def test_a_job_that_is_gone_is_lost(sent):
    invocation = sent(count=1)
    MEMORY.jobs.clear()
    look_and_tell()
    assert states(invocation) == ["lost"]


def test_kitsu_is_told_once(sent):
    done = studio().bot().task_statuses()[-1]["id"]
    invocation = sent(count=1, status_when_done=done, comment_when_ended="Rendered {entity_name}", publish_picture=True)
    task_id = invocation.task_ids[0]
    before = len(studio().bot().comments([task_id]))
    previews = len(studio().bot().task_previews([task_id]))
    MEMORY.seen = {"1": Seen("done", done=2, total=2)}
    for _ in range(2):
        look_and_tell()
        due()
    assert len(studio().bot().comments([task_id])) == before + 1
    assert len(studio().bot().task_previews([task_id])) == previews + 1
    assert studio().bot().tasks([task_id])[0]["task_status_id"] == done
    assert "Rendered" in studio().bot().comments([task_id])[-1]["text"]


def test_failures_show_their_log(sent):
    invocation = sent(count=1)
    MEMORY.seen = {"1": Seen("failed", done=1, failed=1, total=2, message="frame 2")}
    look_and_tell()
    job = invocation.farm_jobs.get()
    assert (job.state, job.log) == ("failed", "Error: no such file")
    client = browser("ada")
    page = client.get(invocation.get_absolute_url()).text
    assert "Error: no such file" in page
    client.post(reverse("ask_farm", args=[invocation.pk, job.pk]), {"what": "retry"})
    assert MEMORY.asked == [("retry", "1")]
    job.refresh_from_db()
    assert (job.state, job.told_at) == ("queued", None)


def browser(name):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
    return client


def test_the_farm_is_asked_for_its_people_only(sent):
    invocation = sent(count=1)
    job = invocation.farm_jobs.get()
    url = reverse("ask_farm", args=[invocation.pk, job.pk])
    assert browser("pixelworks").post(url, {"what": "cancel"}).status_code == 404
    ada = browser("ada")
    ada.post(url, {"what": "cancel"})
    ada.post(url, {"what": "priority", "priority": "80"})
    for wrong in ({"what": "priority", "priority": "high"}, {"what": "explode"}, {}):
        ada.post(url, wrong)
    assert MEMORY.asked == [("cancel", "1"), ("priority", "1", 80)]
    assert invocation.events.filter(what=Happened.FARM_ASKED).count() == 2
