"""A whole run beside a real Zou: jobs on a farm, and Kitsu told of their ends once, in the person's name and with their right."""

from __future__ import annotations

import pytest

from actions.worker.run import carry_out
from audit.models import FarmJob, Invocation
from audit.states import State
from kitsu_bridge.kitsu.sample.pictures import draw
from tests.actions.clients.flamenco import fake as small
from tests.actions.clients.flamenco.conftest import fake
from tests.actions.farms.memory import look_and_tell
from tests.actions.farms.test_missing import ECHO

__all__ = ["fake"]

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bot(beside_zou, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return beside_zou().bot()


@pytest.fixture
def sent(bot, fake, an_action, a_queued_invocation, monkeypatch):
    """Runs it on two tasks of the short that nobody is assigned to: `sent("artist", status_when_done=...)`."""
    monkeypatch.setattr(small, "PICTURE", draw("rendered", 64, 36))
    project = next(row for row in bot.projects() if row["production_type"] == "short")
    task_ids = [row["id"] for row in bot.project_tasks(project["id"]) if not row["assignees"]][:2]

    def run(name, **options):
        person = next(row for row in bot.persons() if row["email"] == f"{name}@studio.test")
        action = an_action("flamenco", f"flamenco-{name}", options=ECHO | {"url": fake.url} | options)
        invocation = a_queued_invocation(action, person=person, task_ids=task_ids)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        assert invocation.state == State.SUCCEEDED, invocation.reason
        return invocation

    return run


def ended(fake, *states):
    for job, state in zip(fake.jobs, states, strict=True):
        fake.runs(job, state, (state, "misc"))
        fake.pictures[job] = "/job-files/aa"
    for _ in range(2):
        FarmJob.objects.filter(ended_at=None).update(next_at="2000-01-01T00:00Z")
        look_and_tell()


def last(bot, task_id):
    return max(bot.comments([task_id]), key=lambda row: row["created_at"])


def test_it_works(bot, fake, sent):
    done, retake = (row["id"] for row in bot.task_statuses()[:2])
    told = {"status_when_done": done, "status_when_failed": retake, "comment_when_ended": "Rendered {entity_name}"}
    invocation = sent("manager", publish_picture=True, **told)
    good, bad = invocation.task_ids
    comments, previews = len(bot.comments([good, bad])), len(bot.task_previews([good, bad]))
    ended(fake, "completed", "failed")
    assert [row.state for row in invocation.farm_jobs.all()] == ["done", "failed"]
    assert {row.told for row in invocation.farm_jobs.all()} == {"Kitsu was told: 1 comment."}
    assert len(bot.comments([good, bad])) == comments + 2
    assert len(bot.task_previews([good, bad])) == previews + 1
    by_id = {row["id"]: row["task_status_id"] for row in bot.tasks([good, bad])}
    assert by_id == {good: done, bad: retake}
    assert last(bot, good)["text"].startswith("Rendered ")
    assert {last(bot, one)["person_id"] for one in (good, bad)} == {invocation.person_id}


def test_whoever_sees_the_tasks_no_more_tells_nothing(bot, fake, sent):
    invocation = sent("manager", comment_when_ended="Rendered")
    vendor = next(row for row in bot.persons() if row["email"] == "vendor@studio.test")
    Invocation.objects.update(person_id=vendor["id"])
    before = len(bot.comments(invocation.task_ids))
    ended(fake, "completed", "completed")
    assert len(bot.comments(invocation.task_ids)) == before
    assert {row.told.partition(":")[0] for row in invocation.farm_jobs.all()} == {"Kitsu could not be told"}
