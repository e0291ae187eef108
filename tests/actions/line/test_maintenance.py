"""While an action is paused its calls are kept; when it is not any more, they go on from where they were."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from actions.line import queue, sweeper
from actions.line.maintenance import go_on_again, resume
from actions.line.pauses import EVERYTHING, lift, pause, pause_of
from actions.worker.run import carry_out
from audit.models import Event, Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = {"accept": "text/html", "origin": "https://kitsu.test"}
SENTENCE = "The farm moves until noon. <b>Your call is kept.</b>"


@pytest.fixture(autouse=True)
def kitsu(settings):
    settings.KITSU_ORIGINS = [PAGE["origin"]]


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the broker."""
    ids = []
    monkeypatch.setattr(queue, "send", lambda invocation: bool(ids.append(invocation.pk)) or True)
    return ids


@pytest.fixture
def artist(sample_person):
    client = Client(headers=PAGE)
    client.cookies["access_token_cookie"] = studio().log_in(sample_person("user")["email"], "any")
    return client


@pytest.fixture
def click(artist, sample_task_ids):
    """What Kitsu's button sends; the invocation that came of it."""

    def call(action, count=2):
        tasks = ",".join(sample_task_ids(count))
        response = artist.post(f"/run/{action.slug}/", {"selection": tasks, "entitytype": "shot"})
        assert response.status_code == 303
        return Invocation.objects.latest("received_at")

    return call


def stands(invocation):
    invocation.refresh_from_db()
    return (invocation.state, invocation.waiting_for)


def test_it_works(an_action, click, artist, sent):
    action = an_action()
    pause(action.slug, SENTENCE, None)
    invocation = click(action)
    assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
    assert (invocation.expires_at, sent) == (None, [])
    page = artist.get(invocation.get_absolute_url()).content.decode()
    assert "The farm moves until noon. &lt;b&gt;" in page
    assert "goes on by itself" in page
    assert resume(action.slug, None)
    assert stands(invocation) == (State.QUEUED, "")
    assert sent == [invocation.pk]
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert list(invocation.events.values_list("what", flat=True)).count(Happened.QUEUED) == 1


def test_what_was_queued_before_is_kept_as_well(an_action, a_queued_invocation, sent):
    invocation = a_queued_invocation(action := an_action())
    pause(EVERYTHING, SENTENCE, None)
    carry_out(str(invocation.pk))
    assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
    assert invocation.attempts == 0
    resume(EVERYTHING, None)
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED
    assert pause_of(action.slug) is None


def test_another_action_runs_meanwhile(an_action, a_queued_invocation):
    pause(an_action("debug", "resting").slug, SENTENCE, None)
    invocation = a_queued_invocation(an_action())
    carry_out(str(invocation.pk))
    assert stands(invocation)[0] == State.SUCCEEDED


def test_lifting_one_of_two_pauses_is_not_enough(an_action, a_queued_invocation, sent):
    invocation = a_queued_invocation(action := an_action())
    pause(action.slug, SENTENCE, None)
    pause(EVERYTHING, "Everything.", None)
    carry_out(str(invocation.pk))
    for slug in (action.slug, EVERYTHING):
        assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
        resume(slug, None)
    assert stands(invocation)[0] == State.QUEUED


def test_only_looking_what_it_would_do_waits_too(an_action, click, sent):
    action = an_action(confirm_first=True)
    pause(action.slug, SENTENCE, None)
    invocation = click(action)
    assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
    resume(action.slug, None)
    invocation.refresh_from_db()
    assert (invocation.state, invocation.previewing) == (State.QUEUED, True)


def test_a_click_on_its_page_does_not_go_round_the_pause(an_action, click, artist, sent):
    pause(EVERYTHING, SENTENCE, None)
    invocation = click(an_action())
    artist.post(f"{invocation.get_absolute_url()}continue/")
    assert stands(invocation) == (State.WAITING, WaitingFor.MAINTENANCE)
    artist.post(f"{invocation.get_absolute_url()}cancel/")
    assert stands(invocation)[0] == State.CANCELLED
    resume(EVERYTHING, None)
    assert sent == []


def test_the_sweeper_lets_go_on_what_is_left(an_action, click, sent):
    pause(EVERYTHING, SENTENCE, None)
    calls = [click(an_action("debug", slug)).pk for slug in ("one", "two", "three")]
    lift(EVERYTHING, None)
    assert sweeper.sweep()["resumed"] == 3
    assert sent == calls  # As they came.
    assert go_on_again() == 0


def test_it_never_expires(an_action, click, sent):
    pause(EVERYTHING, SENTENCE, None)
    invocation = click(an_action())
    Invocation.objects.update(received_at=timezone.now() - timezone.timedelta(days=30))
    assert sweeper.expire() == 0
    assert stands(invocation)[0] == State.WAITING


def shown():
    out = StringIO()
    call_command("maintenance", stdout=out)
    return out.getvalue()


def test_the_command_does_and_shows_the_same(an_action):
    action = an_action()
    call_command("maintenance", "pause", action.slug, say=SENTENCE, stdout=StringIO())
    assert pause_of(action.slug).sentence == SENTENCE
    assert SENTENCE in shown()
    call_command("maintenance", "pause", say="All of it.", stdout=StringIO())
    assert pause_of("another").sentence == "All of it."
    call_command("maintenance", "resume", stdout=StringIO())
    call_command("maintenance", "resume", action.slug, stdout=StringIO())
    assert pause_of(action.slug) is None
    assert shown().startswith("Nothing is paused.")
    told = Event.objects.filter(what__in=(Happened.PAUSED, Happened.RESUMED)).order_by("id")
    assert [event.subject for event in told] == [f"pause:{action.slug}", "pause:*", "pause:*", f"pause:{action.slug}"]
    with pytest.raises(CommandError, match="was not paused"):
        call_command("maintenance", "resume")
    with pytest.raises(CommandError, match="no action 'nothing'"):
        call_command("maintenance", "pause", "nothing", say="x")
