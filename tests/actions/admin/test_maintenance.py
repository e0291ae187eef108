from __future__ import annotations

import pytest
from django.urls import reverse

from actions.line.pauses import EVERYTHING, pause, pauses
from actions.models import Pause
from audit.models import Event
from audit.states import Happened

PAGE = reverse("admin:actions_pause_changelist")
TURN, WORKER = reverse("admin:actions_pause_turn"), reverse("admin:actions_pause_worker")
HOSTILE = "Back at noon <script>alert(1)</script>"


def text(client):
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(ada, an_action):
    action = an_action(name="Say <b>hello</b>")
    assert "None is paused." in text(ada)
    ada.post(TURN, {"do": "pause", "slug": action.slug, "sentence": HOSTILE})
    page = text(ada)
    assert "Say &lt;b&gt;hello&lt;/b&gt;" in page
    assert "Back at noon &lt;script&gt;" in page
    assert (Pause.objects.get().paused_by, Pause.objects.get().slug) == (ada.person["full_name"], action.slug)
    ada.post(TURN, {"do": "resume", "slug": action.slug})
    assert not pauses()
    told = Event.objects.filter(subject=f"pause:{action.slug}").order_by("id")
    assert [(event.what, event.actor_id) for event in told] == [
        (Happened.PAUSED, ada.person["id"]),
        (Happened.RESUMED, ada.person["id"]),
    ]


def test_everything_is_paused_and_the_front_page_says_so(ada):
    ada.post(TURN, {"do": "pause", "slug": "", "sentence": HOSTILE})
    assert "Let everything go on" in text(ada)
    assert "All actions: Back at noon &lt;script&gt;" in ada.get("/status/").content.decode()
    ada.post(TURN, {"do": "resume", "slug": ""})
    assert "Pause everything" in text(ada)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"slug": "nothing", "sentence": "x"}, "Choose an action"),
        ({"slug": "a\x00b", "sentence": "x"}, "Choose an action"),
        ({"slug": "", "sentence": " \x00"}, "Say in a sentence why"),
        ({"slug": "", "sentence": ""}, "Say in a sentence why"),
    ],
)
def test_it_refuses_in_words(ada, fields, says):
    response = ada.post(TURN, {"do": "pause", **fields}, follow=True)
    assert says in response.content.decode()
    assert not pauses()


def test_a_worker_that_is_gone_is_said_so(ada):
    response = ada.post(WORKER, {"do": "drain", "name": "celery@gone"}, follow=True)
    assert "does not answer any more" in response.content.decode()


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, role, db):
    pause(EVERYTHING, "Noon.", None)
    client = signed_in(role)
    assert client.get(PAGE).status_code in {302, 403}
    for where in (TURN, WORKER):
        assert client.post(where, {"do": "resume", "slug": ""}).status_code in {302, 403}
    assert pauses()


def test_looking_changes_nothing(ada):
    assert ada.get(TURN).status_code == ada.get(WORKER).status_code == 405
