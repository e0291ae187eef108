"""The end of a job, told to Kitsu once in effect: by a Kitsu that is away, and by processes that die."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from actions.farms import endings
from actions.farms.contract import FarmAway, Seen
from actions.farms.endings import AWAY, tell
from actions.farms.looking import look
from audit.models import FarmJob
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuRefuses, KitsuSlow, TokenRejected
from kitsu_bridge.kitsu.studio import studio
from tests.actions.farms.memory import MEMORY, look_and_tell

pytestmark = pytest.mark.django_db(transaction=True)

TELLS = {"comment_when_ended": "Rendered {entity_name}, {task_status}", "publish_picture": True}


@pytest.fixture
def kitsu():
    """The sample studio; what troubles it is gone afterwards."""
    yield studio()
    studio().trouble = None


@pytest.fixture
def ended(sent):
    """A run whose jobs are done on the farm, and not told of yet."""

    def make(count=1, **options):
        done = studio().bot().task_statuses()[-1]["id"]
        invocation = sent(count, status_when_done=done, **TELLS, **options)
        MEMORY.seen = {one: Seen("done", done=2, total=2) for one in MEMORY.jobs}
        look()
        return invocation

    return make


def comments(invocation):
    return [row for row in studio().bot().comments(invocation.task_ids) if MEMORY.pages in (row["text"] or "")]


def previews(invocation):
    return [row for row in studio().bot().task_previews(invocation.task_ids) if row["original_name"]]


def as_after_a_kill():
    """What a process leaves that wrote to Kitsu, and died before it wrote that down; its time is over."""
    FarmJob.objects.update(tell_at=timezone.now(), told_at=None, told="")


def tried_again():
    FarmJob.objects.filter(tell_at__isnull=False).update(tell_at=timezone.now())
    return tell()


def test_it_works(kitsu, ended):
    invocation = ended(2)
    before = len(previews(invocation))
    assert tell() == 2
    assert (len(comments(invocation)), len(previews(invocation))) == (2, before + 2)
    job = invocation.farm_jobs.first()
    assert (job.told, job.tell_at, job.told_at is not None) == ("Kitsu was told: 1 comment.", None, True)
    assert tell() == 0


def test_a_kitsu_that_is_away_is_told_later(kitsu, ended):
    invocation = ended(2)
    kitsu.trouble = KitsuSlow()
    begun = timezone.now()
    assert tell() == 0
    first, second = invocation.farm_jobs.all()
    assert (first.told, first.told_at, second.tell_tries) == (AWAY, None, 0)
    assert begun + endings.SOONEST <= first.tell_at <= timezone.now() + endings.SOONEST
    assert tried_again() == 0
    kitsu.trouble = None
    ada = Client(headers={"accept": "text/html"})
    ada.cookies["access_token_cookie"] = kitsu.log_in("ada@sample.studio", "any")
    page = ada.get(invocation.get_absolute_url()).text
    assert "Kitsu does not answer; it will be told." in page
    assert 'hx-trigger="every 5s"' in page
    assert tried_again() == 2
    assert len(comments(invocation)) == 2
    assert invocation.events.filter(what=Happened.FARM_TOLD).count() == 2


def test_the_bridges_own_token_may_be_renewed_meanwhile(kitsu, ended):
    invocation = ended()
    kitsu.trouble = TokenRejected()
    assert tell() == 0
    assert "own token" in invocation.farm_jobs.get().told
    kitsu.trouble = None
    assert (tried_again(), len(comments(invocation))) == (1, 1)


def test_what_kitsu_refuses_is_not_tried_again(kitsu, ended):
    invocation = ended()
    kitsu.trouble = KitsuRefuses("no")
    assert tell() == 1
    assert invocation.farm_jobs.get().told.startswith("Kitsu could not be told")
    assert tell() == 0


def test_tries_wait_longer_and_end_after_a_week(kitsu, ended):
    ended()
    kitsu.trouble = KitsuSlow()
    waits = []
    for _ in range(8):
        tried_again()
        waits.append(round((FarmJob.objects.get().tell_at - timezone.now()).total_seconds() / 30))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    FarmJob.objects.update(ended_at=timezone.now() - timedelta(days=8))
    tried_again()
    job = FarmJob.objects.get()
    assert (job.told, job.tell_at) == (endings.GIVEN_UP, None)


def test_a_kill_between_writing_and_marking_writes_nothing_twice(kitsu, ended):
    invocation = ended(2)
    tell()
    counts = len(comments(invocation)), len(previews(invocation))
    for _ in range(2):
        as_after_a_kill()
        assert tell() == 2
    assert (len(comments(invocation)), len(previews(invocation))) == counts
    assert {job.told for job in invocation.farm_jobs.all()} == {"Kitsu was told: 1 comment."}


@pytest.mark.parametrize("begun", [True, False])
def test_a_kill_between_the_comment_and_its_picture_adds_the_picture(kitsu, ended, begun):
    invocation = ended()
    before = len(previews(invocation))
    tell()
    (comment,) = comments(invocation)
    (preview,) = [one["id"] if isinstance(one, dict) else one for one in comment["previews"]]
    kitsu.tables.preview_files[preview]["original_name"] = ""
    if not begun:
        kitsu.tables.comments[comment["id"]]["previews"] = []
        del kitsu.tables.preview_files[preview]
    as_after_a_kill()
    assert tell() == 1
    assert (len(comments(invocation)), len(previews(invocation))) == (1, before + 1)


def test_a_taken_job_is_had_by_one_until_its_time_is_over(kitsu, ended):
    invocation = ended()
    FarmJob.objects.update(tell_at=timezone.now() + endings.TAKEN_FOR, tell_tries=1)  # By one that died before writing.
    assert (tell(), comments(invocation)) == (0, [])
    assert (tried_again(), len(comments(invocation))) == (1, 1)


def test_a_job_that_runs_again_is_told_of_again(kitsu, ended):
    invocation = ended()
    tell()
    FarmJob.objects.update(state="running", ended_at=None, next_at=timezone.now())
    look_and_tell()
    assert len(comments(invocation)) == 2


def test_a_round_of_telling_ends_in_time_and_the_next_goes_on(kitsu, ended, monkeypatch):
    invocation = ended(3)
    monkeypatch.setattr(endings, "ROUND", 0)
    assert [tell() for _ in range(4)] == [1, 1, 1, 0]
    assert len(comments(invocation)) == 3


def test_a_farm_that_is_away_at_the_end_keeps_kitsu_from_nothing(kitsu, ended):
    invocation = ended()
    MEMORY.trouble = {"picture": [FarmAway("down")]}
    assert tell() == 1
    assert (len(comments(invocation)), invocation.farm_jobs.get().picture) == (1, None)


def test_names_call_nobody(kitsu, ended):
    invocation = ended()
    FarmJob.objects.update(name="#all @Ada Lovelace")
    tell()
    (comment,) = comments(invocation)
    assert "#all" not in comment["text"]
    assert "@Ada" not in comment["text"]
