"""The pages on a real Zou as everybody there sees them, and on a real Redis, or one that is down."""

from __future__ import annotations

import os

import pytest
from django.test import override_settings
from django.urls import reverse

from actions.figures import FIGURES
from actions.figures.sight import FOR_CLIENTS
from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.studio import studio
from tests.actions.statistics.conftest import Patient
from tests.kitsu_bridge.kitsu.conftest import ZOU_PEOPLE
from tests.servers.process import free_port


@pytest.fixture
def zou(beside_zou, settings, db):
    """A browser of somebody of the real Zou by role, and the id of a production."""
    settings.KITSU_PUBLIC_URL = settings.KITSU_URL

    def opened(role):
        client = Patient(headers={"accept": "text/html"})
        client.cookies["access_token_cookie"] = beside_zou().log_in(ZOU_PEOPLE[role], os.environ["TEST_ZOU_PASSWORD"])
        return client

    return opened


@pytest.mark.zou
@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user", "client", "vendor"])
def test_everybody_sees_what_is_theirs(zou, role):
    client = zou(role)
    productions = client.get(client.get(reverse("statistics")).url).context["productions"]
    assert productions
    for one in productions:
        answer = client.get(reverse("statistics"), {"project_id": one.id})
        page, asked = answer.context["page"], answer.context["asked"]
        slugs = [figure["slug"] for figure in page.figures]
        assert slugs == [slug for slug in FIGURES if role != "client" or slug in FOR_CLIENTS]
        own = role == "vendor" or asked.person.role_in(one.id) == "user"
        assert asked.sight.only == (asked.person.id if own else "")
        total = page.figures[0]["total"]
        tasks = client.get(f"{reverse('statistics_tasks')}?{answer.context['query']}&figure=status&total=yes")
        assert tasks.context["count"] == (total["tasks"] if total else 0)
        shown = tasks.context["tasks"]
        assert all(asked.person.name in one["task"].people for one in shown if own)
        assert all(task["link"].startswith(os.environ["TEST_ZOU_URL"]) for task in shown if task["link"])


def in_redis(place):
    """The settings' cache, there."""
    return override_settings(
        CACHES={
            "default": {"BACKEND": "kitsu_bridge.cache.RedisCache", "LOCATION": place, "KEY_PREFIX": "statistics-tests"}
        }
    )


@pytest.mark.zou
@pytest.mark.parametrize("role", ["user", "client", "vendor"])
def test_a_selection_shows_nobody_more_than_kitsu_does(zou, role):
    """An invocation of theirs about every task that there is: the figures and lists are of those that they see."""
    client = zou(role)
    for one in client.get(client.get(reverse("statistics")).url).context["productions"]:
        whole = client.get(reverse("statistics"), {"project_id": one.id})
        everything = [row["id"] for row in studio().bot().project_tasks(one.id)]
        mine = Invocation(door=Door.FORM, state=State.SUCCEEDED, kind="statistics", task_ids=everything)
        mine.set_person(whole.context["asked"].person, Trust.PROVEN)
        mine.save()
        query = {"project_id": one.id, "selection": str(mine.pk)}
        narrowed = client.get(reverse("statistics"), query)
        assert narrowed.context["page"].figures[0]["total"] == whole.context["page"].figures[0]["total"]
        tasks = client.get(reverse("statistics_tasks"), query | {"figure": "status", "total": "yes"})
        assert tasks.context["count"] <= len(everything)
        assert {row["task"].id for row in tasks.context["tasks"]} <= {*everything}
        assert ("people" in tasks.context["columns"]) is (role != "client")
        assert tasks.context["places"] or not tasks.context["count"]
        assert zou("supervisor").get(reverse("statistics"), query).status_code == 404


@pytest.mark.redis
def test_it_is_kept_in_redis(browser, project_id):
    client, shown = browser("hana"), (reverse("statistics"), {"project_id": project_id})
    with in_redis(f"{os.environ['TEST_REDIS_URL']}/5"):
        first = client.get(*shown).context["page"]
        assert client.get(*shown).context["page"] == first


def test_it_says_when_the_cache_is_down(browser, project_id):
    client = browser("hana")
    with in_redis(f"redis://127.0.0.1:{free_port()}/0"):
        answer = client.get(reverse("statistics"), {"project_id": project_id})
    assert answer.status_code == 503
    assert "cache does not answer" in answer.content.decode()
