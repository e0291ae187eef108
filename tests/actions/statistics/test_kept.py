"""Figures of a selection: each number leads to the tasks it counted then, and the same selection to its figures now."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from actions.figures import FIGURES
from actions.figures.behind import FILE
from actions.worker.run import carry_out
from audit.access import share_token
from audit.models import Event
from audit.states import Happened, State

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r'<a href="([^"]*/statistics/kept/[^"]*)">(?:<bdi>)?([^<]+)<')


@pytest.fixture
def invocation(an_action, a_queued_invocation, kitsu, project_id):
    """A finished run of Ada's on 40 tasks of one production."""
    ids = [row["id"] for row in kitsu.tables.tasks.values() if row["project_id"] == project_id][:40]
    made = a_queued_invocation(an_action("statistics"), task_ids=ids)
    carry_out(str(made.pk))
    made.refresh_from_db()
    assert made.state == State.SUCCEEDED
    return made


def links(page):
    return [(unescape(link), text) for link, text in LINK.findall(page.content.decode())]


def kept_url(invocation, name="statistics_kept_tasks", **query):
    return reverse(name, args=[invocation.pk]), {"figure": "status", "total": "yes"} | query


def test_it_works(browser, invocation):
    """Each number of each figure leads to as many tasks, however the work has gone on since."""
    ada = browser("ada")
    page = ada.get(invocation.get_absolute_url())
    shown = {figure["slug"] for figure in invocation.outcome["data"]["figures"] if figure["rows"]}
    assert {slug for slug in FIGURES if any(f"figure={slug}&" in link for link, _ in links(page))} == shown
    checked = 0
    for link, text in links(page):
        if "column=" in link and text.isdigit() and "figure=status&" in link:
            answer = ada.get(link)
            assert answer.status_code == 200
            frames = link.endswith(("column=frames", "column=seconds"))
            assert frames or answer.context["count"] == int(text) == len(answer.context["tasks"])
            checked += 1
    assert checked > 10


def test_it_stays_as_it_was(browser, invocation, kitsu):
    before = browser("ada").get(*kept_url(invocation))
    for key in invocation.task_ids[:15]:
        del kitsu.tables.tasks[key]
    after = browser("ada").get(*kept_url(invocation))
    assert after.context["count"] == before.context["count"] == 40
    assert "as they were counted" in after.content.decode()


def test_its_file_has_them_all_and_is_recorded(browser, invocation):
    answer = browser("ada").get(*kept_url(invocation, "statistics_kept_tasks_csv"))
    assert len(answer.content.decode().splitlines()) == 41
    event = Event.objects.filter(invocation=invocation, what=Happened.EXPORTED).latest("id")
    assert "Status by task type" in event.text


def test_it_is_for_those_who_see_the_invocation(browser, invocation):
    url, query = kept_url(invocation)
    for name, status in (("ada", 200), ("hana", 200), ("noa", 404), ("clara", 404), ("pixelworks", 404), ("", 404)):
        assert browser(name).get(url, query).status_code == status, name
        assert browser(name).get(url.replace("tasks/", "tasks.csv"), query).status_code == status, name
    shared = browser("").get(url, query | {"share": share_token(invocation)})
    assert shared.status_code == 200
    assert "share=" in shared.context["back"]
    assert "share=" in shared.context["file"]


def test_a_shared_page_s_numbers_carry_the_share(browser, invocation):
    client, share = browser(""), share_token(invocation)
    page = client.get(invocation.get_absolute_url(), {"share": share})
    link, _ = next(one for one in links(page) if "total=yes" in one[0])
    assert client.get(link).context["count"] == 40
    assert "selection=" not in page.content.decode()


@pytest.mark.parametrize("query", [{"figure": "nothing"}, {"figure": ""}])
def test_it_knows_no_other_figures(browser, invocation, query):
    assert browser("ada").get(*kept_url(invocation, **query)).status_code == 404


def test_it_says_when_it_is_not_kept_any_more(browser, invocation):
    file = invocation.files.get(name=FILE)
    file.path.write_text("{")
    assert browser("ada").get(*kept_url(invocation)).status_code == 404
    file.path.unlink()
    assert browser("ada").get(*kept_url(invocation)).status_code == 404
    file.delete()
    assert browser("ada").get(*kept_url(invocation)).status_code == 404


def test_the_same_tasks_as_they_stand_now(browser, invocation, kitsu, project_id):
    ada = browser("ada")
    page = ada.get(invocation.get_absolute_url()).content.decode()
    url = f"{reverse('statistics')}?project_id={project_id}&selection={invocation.pk}"
    assert url.replace("&", "&amp;") in page
    del kitsu.tables.tasks[invocation.task_ids[0]]
    answer = ada.get(url)
    figure = answer.context["page"].figures[0]
    assert figure["total"]["tasks"] == 39
    assert f'name="selection" value="{invocation.pk}"' in answer.content.decode()
    tasks = ada.get(f"{reverse('statistics_tasks')}?{answer.context['query']}&figure=status&total=yes")
    assert tasks.context["count"] == 39
    assert f"selection={invocation.pk}" in tasks.context["back"]
    assert "selection" not in ada.get(reverse("statistics")).url


def test_a_selection_is_for_those_who_see_the_invocation(browser, invocation, project_id):
    query = {"project_id": project_id, "selection": str(invocation.pk)}
    assert browser("hana").get(reverse("statistics"), query).status_code == 200
    for name in ("noa", "clara", "pixelworks"):
        assert browser(name).get(reverse("statistics"), query).status_code == 404
    for wrong in ("x", "00000000-0000-0000-0000-000000000000", "\x00"):
        assert browser("ada").get(reverse("statistics"), query | {"selection": wrong}).status_code == 404
