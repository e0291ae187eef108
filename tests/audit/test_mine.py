from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

BADGE = re.compile(r'<span class="badge">(\d+)')


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def look(client, page="/", **asked):
    """As the page asks for its badge: with what the link in it says, and htmx's headers."""
    asked = {"since": timezone.now().isoformat(), "had": "0", "told": ""} | asked
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}"}
    return text(client.get(reverse("mine_badge"), asked, headers=headers))


def number(page):
    found = BADGE.search(page)
    return int(found[1]) if found else 0


def test_it_works(browser, an_invocation):
    noa = browser("noa")
    an_invocation("noa", state=State.RUNNING, total_count=10, done_count=4, action_name="Long <b>one</b>")
    an_invocation("noa", state=State.WAITING, reason="Did you mean it?")
    an_invocation("noa", state=State.SUCCEEDED, message="Done and over.")
    an_invocation("greta", state=State.RUNNING, action_name="Greta's")
    page = text(noa.get(reverse("mine")))
    assert number(page) == 2
    assert "4 of 10" in page
    assert "Did you mean it?" in page
    assert "Done and over." in page
    assert "Long &lt;b&gt;one&lt;/b&gt;" in page
    assert "Greta" not in page
    assert 'aria-current="page"' in page
    assert "<html" not in text(noa.get(f"{reverse('mine')}?live"))


@pytest.mark.parametrize("page", ["front", "log", "playground", "mine"])
def test_the_badge_is_right_on_every_page_without_a_script(browser, an_invocation, page):
    noa = browser("noa")
    assert number(text(noa.get(reverse(page)))) == 0
    an_invocation("noa", state=State.QUEUED)
    an_invocation("noa", state=State.RUNNING)
    assert number(text(noa.get(reverse(page)))) == 2


def test_who_is_not_signed_in_has_no_badge(browser, an_invocation):
    an_invocation("noa", state=State.RUNNING)
    nobody = browser()
    assert 'id="mine"' not in text(nobody.get(reverse("front")))
    assert nobody.get(reverse("mine_badge")).content == b""
    assert nobody.get(reverse("mine"))["Location"].startswith(reverse("sign_in"))


def test_a_studio_manager_s_badge_counts_their_own_alone(browser, an_invocation):
    an_invocation("noa", state=State.RUNNING)
    assert number(text(browser("ada").get(reverse("front")))) == 0


def test_a_call_that_nobody_proved_is_nobody_s(browser, an_invocation):
    invocation = an_invocation("noa", trust=Trust.NONE, state=State.WAITING)
    page = text(browser("noa").get(reverse("mine")))
    assert number(page) == 0
    assert invocation.get_absolute_url() not in page


def test_what_ended_since_is_said_once(browser, an_invocation):
    noa, began = browser("noa"), timezone.now()
    ended = an_invocation("noa", state=State.PARTIAL, finished_at=timezone.now(), message="Two failed.")
    page = look(noa, since=began.isoformat())
    assert 'hx-swap-oob="beforeend:#ended"' in page
    assert ended.get_absolute_url() in page
    assert "Two failed." in page
    again = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert ended.get_absolute_url() not in text(noa.get(again))


def test_what_one_looks_at_is_not_said(browser, an_invocation):
    noa, began = browser("noa"), timezone.now()
    ended = an_invocation("noa", state=State.SUCCEEDED, finished_at=timezone.now())
    assert "#ended" not in look(noa, ended.get_absolute_url(), since=began.isoformat())
    assert "#ended" in look(noa, "/", since=began.isoformat())


@pytest.mark.parametrize(
    "fields",
    [{"door": Door.FEEDBACK}, {"finished_at": timezone.now() - timedelta(minutes=5)}, {"trust": Trust.NONE}],
    ids=["a feedback", "long ago", "nobody's"],
)
def test_what_is_no_news_is_not_said(browser, an_invocation, fields):
    an_invocation("noa", **({"state": State.SUCCEEDED, "finished_at": timezone.now()} | fields))
    assert "#ended" not in look(browser("noa"))


def test_a_change_of_the_number_is_said_politely_and_no_change_is_not(browser, an_invocation):
    noa = browser("noa")
    an_invocation("noa", state=State.RUNNING)
    page = look(noa, had="0")
    assert '<p id="mine-said" hx-swap-oob="innerHTML">1 of yours is running or waiting.</p>' in page
    assert 'id="mine-said"' not in look(noa, had="1")


def test_it_is_looked_at_more_often_while_something_happens(browser, an_invocation):
    noa = browser("noa")
    assert 'data-look-every="20"' in look(noa)
    an_invocation("noa", state=State.RUNNING)
    assert 'data-look-every="5"' in look(noa)


@pytest.mark.parametrize("since", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\x00"])
def test_a_time_that_is_none_is_no_trouble(browser, an_invocation, since):
    an_invocation("noa", state=State.SUCCEEDED, finished_at=timezone.now() - timedelta(hours=2))
    assert "#ended" not in look(browser("noa"), since=since, told="x,\x00", had="\x00")


def test_with_kitsu_away_it_says_so(browser):
    noa = browser("noa")
    studio().trouble = KitsuUnreachable()
    try:
        assert noa.get(reverse("mine")).status_code == 503
        assert noa.get(reverse("mine_badge")).content == b""
    finally:
        studio().trouble = None


def test_both_ends_of_a_feedback_lead_to_each_other(browser, an_invocation):
    first = an_invocation("noa", action_name="Publish")
    telling = an_invocation("noa", door=Door.FEEDBACK, tells_of=first, action_name="Comment")
    noa = browser("noa")
    there, back = text(noa.get(first.get_absolute_url())), text(noa.get(telling.get_absolute_url()))
    assert telling.get_absolute_url() in there
    assert "was told by" in there
    assert first.get_absolute_url() in back
    assert "Feedback on the end of" in back
