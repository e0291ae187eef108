"""A farm of a studio's own, by `docs/render-farms.md`: its two files in the folder of kinds, through the whole line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.farms import submitting
from actions.farms.looking import farm_of
from actions.kinds import switches
from actions.registry import kinds
from actions.worker.run import carry_out
from audit.models import FarmJob
from audit.states import State
from kitsu_bridge.kitsu.studio import studio
from tests.actions.conftest import a_queued_invocation, an_action, kinds_folder, sample_person, sample_task_ids
from tests.actions.farms.memory import look_and_tell
from tests.actions.farms.test_missing import browser
from tests.actions.outside import a_service

__all__ = ["a_queued_invocation", "an_action", "kinds_folder", "sample_person", "sample_task_ids"]

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = (Path(__file__).resolve().parent.parent / "docs/render-farms.md").read_text()
FILES = dict(re.findall(r"^```python (\w+)\.py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
PICTURE = b"\xff\xd8\xff a picture"


class Farm:
    """A Barn of our own. `loses`: answers to new jobs."""

    def __init__(self):
        self.jobs, self.asked, self.loses = {}, [], 0

    def answer(self, got):
        assert got.headers["authorization"] == "Bearer s3cret"
        what = got.path.removeprefix("/jobs").strip("/").partition("/")
        if got.method == "POST" and not what[0]:
            return self._new(got.json)
        if got.method == "POST":
            self.asked.append((what[2], what[0], got.json if got.body else None))
            return 200, {}, b"{}"
        said = {"log": b"no licence", "picture": PICTURE, "": json.dumps(list(self.jobs.values())).encode()}
        return 200, {}, said[what[2]]

    def _new(self, job):
        made = str(len(self.jobs) + 1)
        self.jobs[made] = {**job, "id": made, "state": "waits"}
        self.loses -= 1
        return (500, {}, b"") if self.loses >= 0 else (200, {}, json.dumps({"id": made}).encode())


@pytest.fixture
def barn(monkeypatch, settings, tmp_path, kinds_folder):
    """The farm, with its kind in the studio's folder and switched on."""
    monkeypatch.setattr(submitting, "LOOK_AFTER", (0.0, 0.0))
    monkeypatch.setenv("BRIDGE_SECRET_BARN", "s3cret")
    settings.FILES_DIR = tmp_path / "files"
    for name, text in FILES.items():
        kinds_folder(name, text)
    switches.turn(kinds()["barn"], True, None)
    farm = Farm()
    with a_service(farm.answer) as web:
        farm.options = {"url": web.url, "token": "BARN", "scene": "/proj/{entity_name|path}.blend", "frames": "1-4"}
        yield farm


@pytest.fixture
def ran(an_action, a_queued_invocation):
    def make(farm, count=2, **options):
        action = an_action("barn", options=farm.options | options)
        invocation = a_queued_invocation(action, count, given_at=timezone.now())
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return make


def test_it_works(barn, ran):
    assert (set(FILES), kinds()["barn"].error, kinds()["barn"].title) == ({"_barn", "barn"}, "", "Render on Barn")
    invocation = ran(barn, comment_when_ended="Rendered {entity_name}", publish_picture=True)
    assert (invocation.state, invocation.message) == (State.SUCCEEDED, "2 of 2 jobs are on Barn.")
    assert {job["frames"] for job in barn.jobs.values()} == {"1-4"}
    barn.jobs["1"] |= {"state": "ready", "done": 4, "frames_count": 4}
    barn.jobs["2"] |= {"state": "broken", "done": 1, "failed": 1, "frames_count": 4}
    before = len(studio().bot().comments(invocation.task_ids))
    look_and_tell()
    done, failed = invocation.farm_jobs.all()
    assert (done.state, done.picture.path.read_bytes(), done.told) == ("done", PICTURE, "Kitsu was told: 1 comment.")
    assert (failed.state, failed.log) == ("failed", "no licence")
    assert len(studio().bot().comments(invocation.task_ids)) == before + 2
    assert "no licence" in browser().get(invocation.get_absolute_url()).text


def test_a_lost_answer_makes_no_second_job(barn, ran):
    barn.loses = 1
    assert (ran(barn).state, len(barn.jobs)) == (State.SUCCEEDED, 2)


def test_it_is_asked_and_its_stuck_and_gone_jobs_are_told(barn, ran):
    invocation = ran(barn)
    del barn.jobs["2"]
    look_and_tell()
    waits, gone = invocation.farm_jobs.all()
    assert (waits.stuck, gone.state) == ("No machine of the barn takes it.", FarmJob.State.LOST)
    url = reverse("ask_farm", args=[invocation.pk, waits.pk])
    for what in ({"what": "priority", "priority": "7"}, {"what": "cancel"}, {"what": "retry"}):
        browser().post(url, what)
    assert barn.asked == [("priority", "1", 7), ("stop", "1", None), ("retry", "1", None)]


def test_one_job_has_one_scene(barn, ran):
    invocation = ran(barn, 30, once_for="selection")
    assert (invocation.state, "different scenes" in invocation.reason) == (State.FAILED, True)
    assert (barn.jobs, farm_of(invocation).title) == ({}, "Barn")
