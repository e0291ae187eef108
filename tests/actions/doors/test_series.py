"""Running a filtered range of the log again: what is said before, the number that is typed, and how all of it stands."""

from __future__ import annotations

import re
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from actions.history import save_action
from actions.line.again import Wish
from actions.line.series import begin, go_on
from actions.line.who import Who
from actions.models import Series
from actions.worker.run import carry_out
from audit.models import Event, Invocation
from audit.states import Happened, State, Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(test_kinds):
    return test_kinds


def browser_of(name):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
    return client


def ada():
    row = next(row for row in studio().bot().persons() if row["email"] == "ada@sample.studio")
    return Who(Person.from_record(row), Trust.PROVEN)


@pytest.fixture
def failed(an_action, a_queued_invocation):
    """Makes some that failed for one of their two tasks: `failed(3)`."""
    action = an_action("endings", options={"how": "one_failed"}, fixed=["word"])

    def make(count):
        for _ in range(count):
            carry_out(str(a_queued_invocation(action, count=2).pk))
        return action

    return make


def shown(client, **query):
    page = client.get(reverse("rerun_range"), query).text
    return page, {"id": re.findall(r'name="id" value="([^"]+)"', page),
                  **{name: value for name in ("series", "how", "what")
                     for value in re.findall(rf'name="{name}" value="([^"]+)"', page)[-1:]}}  # fmt: skip


def test_it_works(failed):
    action = failed(3)
    client = browser_of("ada")
    page, form = shown(client, state="partial")
    assert "3 of 3 will be run again" in page
    response = client.post(reverse("rerun_range"), form | {"count": "3"})
    series = Series.objects.get()
    assert (response.status_code, response["Location"]) == (303, series.get_absolute_url())
    steps = list(series.steps.select_related("before", "after"))
    assert [step.after.rerun_of_id for step in steps] == [step.before_id for step in steps]
    assert all(step.before.events.filter(what=Happened.RERUN).exists() for step in steps)
    assert [step.before.received_at for step in steps] == sorted(step.before.received_at for step in steps)
    assert {step.after.definition["double_click_window"] for step in steps} == {0}
    told = Event.objects.get(subject=series.subject)
    assert (told.actor_name, told.data["count"]) == ("Ada Okafor", 3)
    page = client.get(series.get_absolute_url()).text
    assert "0 of 3 ended." in page
    for step in steps:
        carry_out(str(step.after_id))
    page = client.get(series.get_absolute_url(), {"live": ""}).text
    assert "3 of 3 ended." in page
    assert "hx-get" not in page
    assert action.name in page


def test_what_was_shown_is_run_and_once(failed):
    """What came into the log meanwhile is not; the same form sent twice is one series."""
    failed(2)
    client = browser_of("ada")
    _, form = shown(client, state="partial")
    failed_later = Invocation.objects.first()
    Invocation.objects.create(state=State.PARTIAL, task_ids=failed_later.task_ids, action_slug="endings")
    for _ in range(2):
        client.post(reverse("rerun_range"), form | {"count": "2"})
    assert (Series.objects.count(), Invocation.objects.filter(rerun_of__isnull=False).count()) == (1, 2)


@pytest.mark.parametrize("typed", ["", "1", "3", "two", "２２"])
def test_it_wants_the_number(failed, typed):
    failed(2)
    client = browser_of("ada")
    _, form = shown(client)
    response = client.post(reverse("rerun_range"), form | {"count": typed})
    assert (response.status_code, Series.objects.count()) == (422, 0)
    assert "Type 2, the number" in response.text


def test_it_takes_so_many_and_no_more(failed, settings):
    settings.RERUN_MOST = 2
    failed(3)
    client = browser_of("ada")
    page, form = shown(client)
    assert "More than 2 invocations fit." in page
    assert form["id"] == []
    ids = [str(pk) for pk in Invocation.objects.values_list("pk", flat=True)]
    response = client.post(reverse("rerun_range"), {"id": ids, "count": "3", "series": str(uuid4())})
    assert (response.status_code, Series.objects.count()) == (422, 0)


def test_it_says_what_will_be_refused_and_why(failed, an_action, a_queued_invocation):
    action = failed(2)
    a_queued_invocation(action, count=1)
    other = an_action("debug", "off", name="<b>Off</b>")
    carry_out(str(a_queued_invocation(other, count=1).pk))
    other.enabled = False
    save_action(other, None)
    asking = an_action("asking", "asks")
    carry_out(str(a_queued_invocation(asking, count=1, parameters={"count": 3}).pk))
    page, form = shown(browser_of("ada"))
    assert "1: It has not ended yet." in page
    assert "1: “&lt;b&gt;Off&lt;/b&gt;” is switched off." in page
    assert "1 will ask you first" in page
    assert "3 of 5 will be run again" in page
    browser_of("ada").post(reverse("rerun_range"), form | {"count": "5"})
    states = sorted(step.after.state if step.after else step.said for step in Series.objects.get().steps.all())
    assert states == ["It has not ended yet.", "queued", "queued", "refused", "waiting"]


def test_only_what_was_not_done(failed):
    failed(2)
    client = browser_of("ada")
    _, form = shown(client, what="unfinished")
    client.post(reverse("rerun_range"), form | {"count": "2"})
    new = [step.after for step in Series.objects.get().steps.all()]
    assert [(one.task_count, one.retry) for one in new] == [(1, True), (1, True)]


def test_as_each_was_then(failed):
    action = failed(1)
    action.options = {"how": "well"}
    save_action(action, None)
    client = browser_of("ada")
    assert "Option: How" in shown(client)[0]
    _, form = shown(client, how="then")
    client.post(reverse("rerun_range"), form | {"count": "1"})
    assert Series.objects.get().steps.get().after.options == {"how": "one_failed"}


def test_nobody_runs_what_they_may_not_see(failed):
    failed(2)
    ids = [str(pk) for pk in Invocation.objects.values_list("pk", flat=True)]
    for name in ("emile", "clara", "pixelworks"):
        client = browser_of(name)
        assert "Nothing fits." in shown(client)[0]
        assert client.post(reverse("rerun_range"), {"id": ids, "count": "2", "series": str(uuid4())}).status_code == 422
    assert Series.objects.count() == 0


def test_its_page_is_for_who_asked_and_studio_managers(failed):
    failed(1)
    series = begin(uuid4(), list(Invocation.objects.all()), ada(), Wish(), "")
    assert browser_of("mirko").get(series.get_absolute_url()).status_code == 200
    for name in ("hana", "noa", "clara", "pixelworks"):
        assert browser_of(name).get(series.get_absolute_url()).status_code == 404
        assert browser_of(name).post(reverse("stop_series", args=[series.pk])).status_code == 404
    assert browser_of("mirko").post(reverse("go_on_with_series", args=[series.pk])).status_code == 404
    assert browser_of("hana").post(reverse("rerun_range"), {"series": str(series.pk), "count": "1"}).status_code == 422


def test_the_rest_of_it_is_stopped(failed):
    failed(3)
    client = browser_of("ada")
    _, form = shown(client)
    client.post(reverse("rerun_range"), form | {"count": "3"})
    series = Series.objects.get()
    carry_out(str(series.steps.first().after_id))
    client.post(reverse("stop_series", args=[series.pk]))
    assert [step.after.state for step in series.steps.all()] == ["partial", "cancelled", "cancelled"]
    assert "stopped" in series.steps.last().after.reason


def test_what_broke_off_goes_on_where_it_was(failed):
    failed(3)
    series = begin(uuid4(), list(Invocation.objects.all()), ada(), Wish(), "")
    client = browser_of("ada")
    assert "Go on with the 3 not begun" in client.get(series.get_absolute_url()).text
    client.post(reverse("go_on_with_series", args=[series.pk]))
    client.post(reverse("go_on_with_series", args=[series.pk]))
    assert Invocation.objects.filter(rerun_of__isnull=False).count() == 3
    stopped = begin(uuid4(), list(Invocation.objects.filter(rerun_of=None)), ada(), Wish(), "")
    client.post(reverse("stop_series", args=[stopped.pk]))
    client.post(reverse("go_on_with_series", args=[stopped.pk]))
    assert Invocation.objects.filter(rerun_of__isnull=False).count() == 3


def test_two_who_go_on_at_once_run_nothing_twice(failed):
    failed(6)
    series = begin(uuid4(), list(Invocation.objects.all()), ada(), Wish(), "")

    def work():
        go_on(series, ada(), "")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Invocation.objects.filter(rerun_of__isnull=False).count() == 6
    assert all(step.after_id for step in series.steps.all())


@pytest.mark.parametrize("query", [{"state": "nothing"}, {"since": "x"}, {"how": "<b>", "what": "\x00", "q": "\x00"}])
def test_odd_addresses_run_nothing(failed, query):
    failed(1)
    assert browser_of("ada").get(reverse("rerun_range"), query).status_code == 200
    sent = query | {"id": ["x", "\x00"], "count": "1", "series": "x"}
    assert browser_of("ada").post(reverse("rerun_range"), sent).status_code == 422
