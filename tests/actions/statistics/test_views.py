"""The pages as everybody sees them, in the sample studio."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from actions.figures import FIGURES
from actions.figures.sight import FOR_CLIENTS
from kitsu_bridge.kitsu.errors import KitsuSlow

HOSTILE = "</script><img src=x onerror=alert(1)>"


def text(answer):
    return answer.content.decode()


def slugs(answer):
    return [one["slug"] for one in answer.context["page"].figures]


def counted(answer, slug="status"):
    """The tasks of the last row."""
    figure = next(one for one in answer.context["page"].figures if one["slug"] == slug)
    return figure["total"]["tasks"] if figure["total"] else 0


def own(kitsu, name, project_id):
    person = next(row["id"] for row in kitsu.tables.persons.values() if row["email"] == f"{name}@sample.studio")
    rows = [row for row in kitsu.tables.tasks.values() if row["project_id"] == project_id]
    return [row for row in rows if person in row["assignees"]], rows


def test_it_works(page, kitsu, project_id):
    answer = page()
    assert answer.status_code == 200
    assert slugs(answer) == list(FIGURES)
    mine, everybody = own(kitsu, "hana", project_id)
    assert counted(answer) == len(everybody) > len(mine)
    assert "Read from Kitsu at" in text(answer)


@pytest.mark.parametrize("name", ["ada", "hana", "greta"])
def test_it_shows_leads_everybody_s_work(page, kitsu, project_id, name):
    answer = page(name)
    assert counted(answer) == len(own(kitsu, name, project_id)[1])
    assert any(one.name == "person_id" for one in answer.context["page"].filters)


@pytest.mark.parametrize("name", ["noa", "pixelworks"])
def test_it_shows_artists_and_vendors_their_own(page, kitsu, project_id, name):
    somebody = next(row["id"] for row in kitsu.tables.persons.values() if row["email"] == "hana@sample.studio")
    answer = page(name, person_id=somebody)
    mine, everybody = own(kitsu, name, project_id)
    assert counted(answer) == len(mine) < len(everybody)
    assert "count your own tasks" in text(answer)
    assert not any(one.name == "person_id" for one in answer.context["page"].filters)


def test_it_shows_clients_how_far_it_is_and_nothing_of_the_studio(page):
    answer = page("clara")
    assert set(slugs(answer)) <= set(FOR_CLIENTS)
    assert "Noa" not in text(answer)


def test_clients_are_told_nothing_wrong_of_what_kitsu_hides(page):
    tasks = page("clara", "statistics_tasks", figure="status", total="yes")
    assert tasks.context["count"] > 0
    assert "Assigned to" not in text(tasks)
    header, *lines = text(page("clara", "statistics_tasks_csv", figure="status", total="yes")).splitlines()
    assert header.lstrip("\ufeff") == "Task,Status,Link"
    assert len(lines) == tasks.context["count"]


@pytest.mark.parametrize("url", ["statistics", "statistics_tasks", "statistics_csv", "statistics_tasks_csv"])
def test_it_asks_strangers_to_sign_in(page, url):
    answer = page("", url, figure="status")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("sign_in"))


@pytest.mark.parametrize("url", ["statistics", "statistics_tasks", "statistics_csv", "statistics_tasks_csv"])
@pytest.mark.parametrize("project", ["not-an-id", "../../x", "0" * 36])
def test_it_knows_no_other_productions(page, url, project):
    assert page("noa", url, project=project, figure="status").status_code == 404


def test_it_never_shows_one_s_reading_to_another(page, kitsu, project_id):
    everything = counted(page("hana"))
    assert counted(page("pixelworks")) < everything
    assert counted(page("hana")) == everything


def test_it_is_read_again_when_a_role_changed(page, kitsu, project_id):
    assert counted(page("greta")) > 0
    greta = next(row for row in kitsu.tables.persons.values() if row["email"] == "greta@sample.studio")
    greta["role"] = "user"
    answer = page("greta")
    assert counted(answer) == len(own(kitsu, "greta", project_id)[0])


def test_it_opens_with_what_was_chosen_last(browser, project_id):
    client, chosen = browser("hana"), {"project_id": project_id, "since": "2026-01-01"}
    assert client.get(reverse("statistics")).status_code == 302
    client.get(reverse("statistics"), chosen)
    assert client.get(reverse("statistics")).url.endswith(f"project_id={project_id}&since=2026-01-01")


def test_it_leads_to_what_one_leads_first(browser, kitsu):
    client = browser("greta")
    client.get(client.get(reverse("statistics")).url)
    answer = client.get(client.get(reverse("statistics")).url)
    led = [one.led for one in answer.context["productions"]]
    assert led == sorted(led, reverse=True)
    assert led[0]


def test_it_drops_a_sequence_of_another_production(page, kitsu, project_id):
    other = next(row["id"] for row in kitsu.tables.entities.values() if row["project_id"] != project_id)
    answer = page(sequence_id=other)
    assert counted(answer) == counted(page())
    assert other not in answer.context["query"]


def test_it_keeps_hostile_names_harmless(page, kitsu, project_id):
    kitsu.tables.projects[project_id]["name"] = HOSTILE
    for rows, field in ((kitsu.tables.task_types, "name"), (kitsu.tables.task_statuses, "name")):
        for row in rows.values():
            row[field] = HOSTILE
    for row in kitsu.tables.entities.values():
        row["name"] = HOSTILE
    for row in kitsu.tables.persons.values():
        row |= {"first_name": HOSTILE, "last_name": HOSTILE, "full_name": HOSTILE}
    answer = page()
    assert "<img" not in text(answer).replace('<img src="/static/icon.svg"', "")
    data = re.findall(r'<script id="chart-status" type="application/json">(.*?)</script>', text(answer), re.DOTALL)
    assert json.loads(data[0])["series"][0]["label"] == HOSTILE
    row = answer.context["page"].figures[0]["rows"][0]
    tasks = page(url="statistics_tasks", figure="status", row=row["name"])
    assert tasks.context["count"] == row["tasks"] > 0
    assert "<img" not in text(tasks).replace('<img src="/static/icon.svg"', "")


def test_its_numbers_lead_to_their_tasks(page):
    links = re.findall(r'href="([^"]*/statistics/tasks/[^"]*row=[^"]*column=[^"]*)">([\d,]+)<', text(page()))
    assert links
    for link, number in links[:5]:
        answer = page("hana").client.get(link.replace("&amp;", "&"))
        assert answer.context["count"] == int(number.replace(",", "")) == len(answer.context["tasks"])


def test_a_person_s_own_number_leads_to_no_other_s_tasks(page, kitsu, project_id):
    row = page().context["page"].figures[0]["rows"][-1]["name"]
    theirs = page("noa", "statistics_tasks", figure="status", total="yes")
    assert theirs.context["count"] == len(own(kitsu, "noa", project_id)[0])
    assert page("noa", "statistics_tasks", figure="status", row=row).context["count"] <= theirs.context["count"]


@pytest.mark.parametrize("query", [{"figure": "nothing"}, {"figure": "../status"}, {}])
def test_it_refuses_figures_that_there_are_not(page, query):
    assert page(url="statistics_tasks", **query).status_code == 404
    assert page(url="statistics_csv", **query).status_code == 404


def test_a_row_that_is_gone_is_no_error(page):
    answer = page(url="statistics_tasks", figure="status", row="gone", column="gone")
    assert (answer.status_code, answer.context["count"]) == (200, 0)


def test_its_files_hold_all_of_it_and_no_formula(page, kitsu):
    for row in kitsu.tables.task_types.values():
        row["name"] = f"=1+{row['name']}"
    lines = text(page(url="statistics_csv", figure="status")).splitlines()
    assert len(lines) == len(page().context["page"].figures[0]["rows"]) + 2
    assert all(line.startswith("'=1+") for line in lines[1:-1])
    tasks = text(page(url="statistics_tasks_csv", figure="status", total="yes")).splitlines()
    assert len(tasks) == counted(page()) + 1


def test_it_shows_what_it_read_last_while_kitsu_does_not_answer(browser, settings, kitsu, project_id):
    client, shown = browser("hana"), (reverse("statistics"), {"project_id": project_id})
    before = counted(client.get(*shown))
    settings.STATISTICS_FRESH = -1
    kitsu.trouble = KitsuSlow()
    answer = client.get(*shown)
    assert counted(answer) == before
    assert "Kitsu did not answer in time." in text(answer)
    assert "Below is what was read last." in text(answer)


def test_other_filters_show_what_was_read_last_too(browser, settings, kitsu, project_id):
    client, task_type = browser("hana"), next(iter(kitsu.tables.tasks.values()))["task_type_id"]
    before = counted(client.get(reverse("statistics"), {"project_id": project_id}))
    settings.STATISTICS_FRESH = -1
    kitsu.trouble = KitsuSlow()
    answer = client.get(reverse("statistics"), {"project_id": project_id, "task_type_id": task_type})
    assert 0 < counted(answer) < before
    assert "Below is what was read last." in text(answer)


def test_it_says_so_where_nothing_was_read_before(browser, kitsu, project_id):
    client, shown = browser("hana"), (reverse("statistics"), {"project_id": project_id})
    client.get(shown[0])
    kitsu.trouble = KitsuSlow()
    assert "Nothing was read before." in text(client.get(*shown))
    answer = client.get(reverse("statistics_tasks"), {"project_id": project_id, "figure": "status"})
    assert answer.status_code == 503


def test_a_refresh_reads_it_anew(browser, project_id, kitsu):
    client, url = browser("hana"), f"{reverse('refresh_statistics')}?project_id={project_id}"
    shown = reverse("statistics"), {"project_id": project_id}
    before = client.get(*shown)
    for key in [row["id"] for row in kitsu.tables.tasks.values() if row["project_id"] == project_id][:10]:
        del kitsu.tables.tasks[key]
    assert counted(client.get(*shown)) == counted(before)
    assert client.get(url).status_code == 405
    assert client.post(url).url == f"{reverse('statistics')}?project_id={project_id}"
    assert counted(client.get(*shown)) == counted(before) - 10


def test_a_reading_for_one_filter_is_the_newest_for_all(browser, project_id, kitsu):
    client, shown = browser("hana"), (reverse("statistics"), {"project_id": project_id})
    before = counted(client.get(*shown))
    del kitsu.tables.tasks[next(row["id"] for row in kitsu.tables.tasks.values() if row["project_id"] == project_id)]
    answer = client.post(f"{reverse('refresh_statistics')}?project_id={project_id}&since=2026-01-01")
    client.get(answer.url)  # Waits until it is read: the page for the other filters would not.
    assert counted(client.get(*shown)) == before - 1


def test_its_progress_ends_with_the_page_anew(browser, project_id):
    client = browser("hana")
    client.get(reverse("statistics"), {"project_id": project_id})
    answer = client.get(reverse("statistics_reading"), {"project_id": project_id})
    assert answer.headers["HX-Refresh"] == "true"
