"""The playground's page, read from the sample studio; and what it does with a Kitsu that lies."""

from __future__ import annotations

import copy
import re

import pytest
from django.urls import reverse

from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.sample.studio import SampleKitsu
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(client, sample_person):
    """The page as a person of a role sees it: `show("vendor", page="asset")`."""

    def ask(role="admin", **query):
        person = sample_person(role)
        client.post(reverse("sign_in"), {"person": person["email"], "email": person["email"], "password": "any"})
        return client.get(reverse("playground"), query, headers={"accept": "text/html"})

    return ask


@pytest.fixture
def lie(monkeypatch):
    """Change what the studio answers: `lie("context", change)`."""

    def replace(name, change):
        true = getattr(SampleKitsu, name)
        monkeypatch.setattr(SampleKitsu, name, lambda self, *args: change(copy.deepcopy(true(self, *args))))

    return replace


@pytest.fixture
def show_of_tv():
    return next(row for row in studio().bot().projects() if row["production_type"] == "tvshow")


def path(answer):
    return re.search(r'data-path="([^"]*)"', answer.content.decode())[1]


def style(answer):
    return re.search(r"<style.*?</style>", answer.content.decode(), re.DOTALL)[0]


def selectable(answer):
    return answer.content.count(b'name="selection"')


def test_it_works(show):
    answer = show()
    assert answer.status_code == 200
    assert selectable(answer) == answer.context["board"].task_count > 0


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor", "user", "client", "vendor"])
def test_it_shows_what_kitsu_shows_to_that_person(show, sample_person, role):
    answer = show(role)
    sample = studio()
    kitsu = sample.session(sample.log_in(sample_person(role)["email"], "any"))
    theirs = {row["id"] for row in kitsu.project_tasks(answer.context["project"]["id"])}
    ours = set(re.findall(r'name="selection" value="([^"]+)"', answer.content.decode()))
    assert ours
    assert ours <= theirs


@pytest.mark.parametrize("page", ["asset", "shot"])
def test_it_says_a_tv_show_s_path_as_kitsu_s_routes_do(show, show_of_tv, page):
    answer = show(production=show_of_tv["id"], page=page)
    assert path(answer) == f"/productions/{show_of_tv['id']}/episodes/all/{page}s"
    for episode in answer.context["board"].episodes:
        below = show(production=show_of_tv["id"], page=page, episode=episode["id"])
        if selectable(below):
            assert path(below) == f"/productions/{show_of_tv['id']}/episodes/{episode['id']}/{page}s"


def test_it_says_episodes_without_an_episode(show, show_of_tv):
    answer = show(production=show_of_tv["id"], page="episode")
    assert answer.context["page"] == "episode"
    assert path(answer) == f"/productions/{show_of_tv['id']}/episodes"


def test_it_lets_only_colours_of_known_ids_into_the_style(show, lie):
    def hostile(context):
        context["task_status"][0]["id"] = "x{}body{display:none}"
        context["task_status"][1]["color"] = "red;} body { display: none"
        return context

    lie("context", hostile)
    answer = show()
    assert answer.status_code == 200
    rules = re.findall(r"\{(.*?)\}", style(answer))
    assert rules
    assert all(re.fullmatch(r" --color: #[0-9a-fA-F]{6}; ", rule) for rule in rules)


def test_it_shows_task_types_without_a_priority(show, lie):
    lie("context", lambda context: context | {"task_types": _without(context["task_types"])})
    assert show(page="asset").status_code == show(page="shot").status_code == 200


def _without(task_types):
    return [row | {"priority": None} if at % 2 else row for at, row in enumerate(task_types)]


def test_it_reads_a_production_once_also_where_the_page_has_no_task(show, monkeypatch, show_of_tv):
    read, true = [], SampleKitsu.project_tasks
    monkeypatch.setattr(SampleKitsu, "project_tasks", lambda self, project: read.append(project) or true(self, project))
    answer = show(production=show_of_tv["id"], page="concept")
    assert answer.context["page"] != "concept"
    assert read.count(show_of_tv["id"]) == 1


def test_it_says_when_there_is_no_production(show, lie):
    lie("open_projects", lambda _rows: [])
    assert "There is no production that you may see" in show().content.decode()


def test_it_says_when_there_is_no_task(show, lie):
    lie("project_tasks", lambda _rows: [])
    assert "No task here that you may see" in show().content.decode()


def test_it_says_when_no_action_is_enabled_and_where_to_make_one(show):
    assert reverse("admin:index") in show().content.decode().split("No action is enabled")[1]
    assert "Ask your studio manager" in show("user").content.decode().split("No action is enabled")[1]


def test_it_offers_enabled_actions_of_this_entity_type_only(show, an_action):
    an_action(slug="for-all", name="For all")
    an_action(slug="for-assets", name="For assets", entity_types=["asset"])
    an_action(slug="switched-off", name="Switched off", enabled=False)
    page = show(page="shot").content.decode()
    assert "For all" in page
    assert "For assets" not in page
    assert "Switched off" not in page


def test_it_offers_broken_requests_to_studio_managers_only(show, an_action):
    an_action()
    assert b"data-broken" in show("admin").content
    assert b"data-broken" not in show("manager").content


def test_it_says_that_kitsu_is_away(show, monkeypatch):
    def slow(_self, _project):
        raise KitsuSlow("It did not answer in time.")

    monkeypatch.setattr(SampleKitsu, "project_tasks", slow)
    answer = show()
    assert answer.status_code in {502, 503, 504}
    assert "Traceback" not in answer.content.decode()


def test_it_asks_who_is_there(client):
    answer = client.get(reverse("playground"), headers={"accept": "text/html"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_in"))
