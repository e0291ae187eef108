"""The tasks of an invocation: page by page, one by one, and whole."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from audit.models import TaskResult
from audit.states import Happened

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def invocation(an_invocation):
    """Of a kind without a page of its own, with 250 results."""
    invocation = an_invocation(kind="review")
    TaskResult.objects.bulk_create(
        TaskResult(
            invocation=invocation,
            position=number,
            task_id=f"task-{number}",
            name=f"SH{number:04} / Animation",
            state="failed" if number % 10 == 9 else "done",
            message=f"Number {number}",
            data={"number": number},
        )
        for number in range(250)
    )
    return invocation


@pytest.fixture
def rows(browser, invocation):
    """The positions that a request for rows answers with."""

    def ask(query="", **headers):
        response = browser("noa").get(f"{reverse('invocation_tasks', args=[invocation.pk])}?{query}", headers=headers)
        assert response.status_code == 200
        return [int(part[:4]) for part in response.text.split("<bdi>SH")[1:]], response.text

    return ask


def test_it_works(rows):
    first, text = rows(**HTMX)
    assert first == list(range(100))
    assert "after=99" in text
    assert "<html" not in text
    last, text = rows("after=199", **HTMX)
    assert last == list(range(200, 250))
    assert "after=" not in text


def test_it_offers_no_more_where_there_is_none(rows):
    found, text = rows("after=149", **HTMX)
    assert len(found) == 100
    assert "after=" not in text


def test_it_filters_by_state_and_words(rows):
    failed, _ = rows("state=failed", **HTMX)
    assert failed == list(range(9, 250, 10))
    found, _ = rows("q=number+24", **HTMX)
    assert found == [24, *range(240, 250)]
    _, text = rows("q=%3Cb%3E&state=failed", **HTMX)
    assert "No task fits." in text


def test_it_carries_the_filter_on(rows):
    _, text = rows("state=done&q=SH", **HTMX)
    assert "&amp;state=done&amp;q=SH" in text


def test_it_is_a_page_of_its_own_without_javascript(rows):
    found, text = rows("state=failed")
    assert len(found) == 25
    assert "<html" in text


@pytest.mark.parametrize(
    "query", ["after=--5", f"after={'9' * 5000}", "after=%C2%B2", "after=-1", "q=%00", "state=%00"]
)
def test_it_reads_a_broken_query_as_none(query, rows):
    found, _ = rows(query, **HTMX)
    assert found == list(range(100))


def test_it_shows_one_task(browser, invocation):
    url = reverse("invocation_task", args=[invocation.pk, "task-7"])
    page, part = browser("noa").get(url).text, browser("noa").get(url, headers=HTMX).text
    assert "<html" in page
    assert "<html" not in part
    assert all("number" in text for text in (page, part))


@pytest.mark.parametrize("task_id", ["%00", "nothing", "task-7%00x"])
def test_it_finds_no_task_that_is_not_there(task_id, browser, invocation):
    assert browser("noa").get(f"{invocation.get_absolute_url()}tasks/{task_id}/").status_code == 404


def test_it_downloads_json(browser, invocation):
    response = browser("noa").get(reverse("invocation_tasks_json", args=[invocation.pk]))
    found = json.loads(b"".join(response.streaming_content))
    assert [row["data"]["number"] for row in found] == list(range(250))
    assert response["Content-Disposition"] == f'attachment; filename="tasks-{invocation.reference}.json"'
    assert "no-store" in response["Cache-Control"]
    assert list(invocation.events.values_list("what", flat=True)) == [Happened.EXPORTED]


def test_it_downloads_csv(browser, invocation):
    response = browser("noa").get(reverse("invocation_tasks_csv", args=[invocation.pk]))
    lines = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [int(line["number"]) for line in lines] == list(range(250))
    assert "no-store" in response["Cache-Control"]


def test_it_carries_a_shared_link_on_in_every_link_of_the_page(browser, invocation):
    made = browser("noa").post(reverse("share_invocation", args=[invocation.pk]))["Location"].partition("made=")[2]
    reader = browser()
    text = reader.get(f"{invocation.get_absolute_url()}?share={made}").text
    found = re.findall(r'(?:href|hx-get)="([^"]+)"', text)
    links = {
        link.replace("&amp;", "&") for link in found if f"{invocation.pk}/tasks" in link and link != _search(invocation)
    }
    assert len(links) > 100
    for link in (sorted(links)[-1], *(link for link in links if "after" in link or ".json" in link or ".csv" in link)):
        assert reader.get(link).status_code == 200
    assert f'name="share" value="{made.replace("%3A", ":")}"' in text


def _search(invocation):
    """The form's own address: it sends what was shared in a field."""
    return reverse("invocation_tasks", args=[invocation.pk])
