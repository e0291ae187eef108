from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import LogHabit, LogView
from audit.states import State
from tests.audit.test_log import rows

pytestmark = pytest.mark.django_db


def keep(client, name="Failed ones", query="state=failed", **more):
    client.post(reverse("log_views"), {"name": name, "query": query, "column": ["when", "state"]} | more)
    return LogView.objects.order_by("-changed_at").first()


def test_it_works(browser, an_invocation):
    failed = an_invocation("noa", state=State.FAILED)
    an_invocation("noa")
    noa = browser("noa")
    view = keep(noa)
    found, page = rows(noa, {"view": str(view.pk), "state": "failed"})
    assert found == [str(failed.pk)]
    assert "Failed ones" in page
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', page) == ["When", "State"]
    assert view.get_absolute_url() == f"/log/?view={view.pk}&state=failed"


def test_it_is_one_s_own_unless_shared(browser):
    private, shared = keep(browser("ada"), "Mine alone"), keep(browser("ada"), "For us all", shared="yes")
    page = rows(browser("noa"), {"view": str(private.pk)})[1]
    assert "Mine alone" not in page
    assert "For us all" in page
    for name in ("log_view", "delete_log_view", "restore_log_view"):
        for view in (private, shared):
            assert browser("noa").post(reverse(name, args=[view.pk]), {"name": "x"}).status_code == 404
    assert browser("noa").post(reverse("begin_with_log_view", args=[private.pk])).status_code == 404


def test_only_studio_managers_share(browser):
    assert not keep(browser("greta"), shared="yes").shared
    assert keep(browser("ada"), shared="yes").shared


def test_a_shared_view_shows_to_each_what_they_may_see(browser, an_invocation, project_ids):
    mine = an_invocation("noa", state=State.FAILED)
    other = an_invocation("juno", state=State.FAILED, project_ids=[project_ids["Ninth Tide"]])
    view = keep(browser("ada"), shared="yes")
    assert rows(browser("noa"), {"view": str(view.pk), "state": "failed"})[0] == [str(mine.pk)]
    assert rows(browser("luis"), {"view": str(view.pk), "state": "failed"})[0] == [str(other.pk)]


def test_it_is_changed(browser):
    noa = browser("noa")
    view = keep(noa)
    noa.post(
        reverse("log_view", args=[view.pk]),
        {"name": "  Renamed\x00 one ", "query": "state=crashed&bad=1", "shared": "yes"},
    )
    view.refresh_from_db()
    assert (view.name, view.query, view.shared) == ("Renamed one", "state=crashed", False)
    noa.post(reverse("log_columns"), {"view": view.pk, "column": ["action"], "query": "state=crashed"})
    view.refresh_from_db()
    assert view.columns == ["when", "action"]
    assert not LogHabit.objects.exists()


def test_it_comes_back_after_it_was_deleted(browser):
    noa = browser("noa")
    view = keep(noa)
    response = noa.post(reverse("delete_log_view", args=[view.pk]))
    page = noa.get(response["Location"]).content.decode()
    assert "Bring it back" in page
    assert view.get_absolute_url() not in page
    noa.post(reverse("restore_log_view", args=[view.pk]))
    assert f"view={view.pk}" in rows(noa)[1]


def test_it_is_gone_for_good_a_day_after(browser):
    noa = browser("noa")
    old, other = keep(noa), keep(noa, "Other")
    LogView.objects.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=2))
    noa.post(reverse("delete_log_view", args=[other.pk]))
    assert list(LogView.objects.values_list("name", flat=True)) == ["Other"]


def test_the_log_begins_with_it(browser, an_invocation):
    noa = browser("noa")
    view = keep(noa)
    begin = reverse("begin_with_log_view", args=[view.pk])
    noa.post(begin, {"begin": "yes"})
    assert noa.get("/log/")["Location"] == view.get_absolute_url()
    assert browser("ada").get("/log/").status_code == 200
    noa.post(begin, {"begin": "no"})
    assert noa.get("/log/").status_code == 200
    noa.post(begin, {"begin": "yes"})
    noa.post(reverse("delete_log_view", args=[view.pk]))
    assert noa.get("/log/").status_code == 200


@pytest.mark.parametrize(
    "form", [{"name": ""}, {"name": "\x00 "}, {"query": "state=nonsense"}, {"query": "x" * 9000}, {"column": ["<b>"]}]
)
def test_odd_forms_are_no_trouble(form, browser):
    noa = browser("noa")
    response = noa.post(reverse("log_views"), {"name": "A", "query": ""} | form)
    assert response.status_code == 302
    assert noa.get(response["Location"]).status_code == 200


def test_nobody_keeps_too_many(browser):
    noa = browser("noa")
    me = keep(noa).owner_id
    LogView.objects.bulk_create([LogView(owner_id=me, owner_name="x", name=str(n)) for n in range(99)])
    noa.post(reverse("log_views"), {"name": "One more", "query": ""})
    assert LogView.objects.count() == 100


def test_a_name_is_shown_as_text(browser):
    view = keep(browser("ada"), "<script>alert(1)</script>", shared="yes")
    page = rows(browser("noa"), {"view": str(view.pk)})[1]
    assert "<script>alert" not in page
