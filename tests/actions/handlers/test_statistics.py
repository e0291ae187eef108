"""The kind `statistics`: the figures of a selection, as they were; in the sample studio and a real Zou, and on its page."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from actions.contract import ActionError, Cancelled
from actions.figures import FIGURES
from actions.figures.behind import FILE, Behind
from actions.figures.sight import FOR_CLIENTS
from actions.handlers import statistics
from actions.handlers.statistics import LARGEST, Chosen, Options
from audit.states import State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from tests.actions.handlers.calling import Sample, many_tasks
from tests.actions.handlers.collecting import Collected, call_of
from tests.audit.conftest import browser  # noqa: F401
from tests.kitsu_bridge.kitsu.conftest import _real, kitsu  # noqa: F401 - the sample studio, then a real Zou


def figures(outcome):
    return {figure["slug"]: figure for figure in outcome.data["figures"]}


def counted(outcome, slug="status"):
    total = figures(outcome)[slug]["total"]
    return total["tasks"] if total else 0


def test_it_works(kitsu):  # noqa: F811
    ids = kitsu.all_task_ids()[:12]
    call = call_of(kitsu.session("admin"), ids)
    outcome = statistics.run(call, Options())
    assert list(figures(outcome)) == list(FIGURES)
    assert outcome.message == f"{len(call.tasks)} tasks counted."
    assert counted(outcome) == len(call.tasks) > 0
    statuses = {task.status.name for task in call.tasks}
    assert {one["label"] for one in figures(outcome)["status"]["drawing"]["series"]} == statuses
    assert {one["id"] for one in outcome.data["projects"]} == {task.project.id for task in call.tasks}
    assert json.loads(json.dumps(outcome.data)) == outcome.data


def test_every_figure_can_be_chosen():
    assert get_args(Chosen) == tuple(FIGURES)


def test_it_shows_what_was_chosen(kitsu):  # noqa: F811
    outcome = statistics.run(call_of(kitsu.session("admin"), kitsu.all_task_ids()[:3]), Options(("due", "status")))
    assert list(figures(outcome)) == ["status", "due"]


def test_a_file_has_the_whole_table():
    sample = Sample()
    call = call_of(sample.session(), many_tasks(sample.studio, 40))
    outcome = statistics.run(call, Options(("status",)))
    content = call.desk.files["status.csv"].decode("utf-8-sig").splitlines()
    assert len(content) == len(figures(outcome)["status"]["rows"]) + 2
    assert figures(outcome)["status"]["file"]


def test_artists_and_vendors_count_their_own():
    sample = Sample()
    ids = many_tasks(sample.studio, 200)
    for name in ("noa", "pixelworks"):
        call = call_of(sample.session(name), ids)
        outcome = statistics.run(call, Options())
        own = [task for task in call.tasks if sample.person(name) in task.record["assignees"]]
        assert counted(outcome) == len(own) > 0
        assert outcome.data["own"]


def test_clients_see_how_far_it_is_and_nothing_of_the_studio():
    sample = Sample()
    outcome = statistics.run(call_of(sample.session("clara"), many_tasks(sample.studio, 50)), Options())
    assert set(figures(outcome)) <= set(FOR_CLIENTS)


@pytest.mark.parametrize("role", ["manager", "user", "client", "vendor"])
def test_what_is_kept_is_what_its_person_sees(kitsu, role):  # noqa: F811
    session = kitsu.session(role)
    seen = {row["id"] for row in session.tasks(kitsu.all_task_ids()[:60])}
    call = call_of(session, sorted(seen))
    outcome = statistics.run(call, Options())
    behind = Behind.read(call.desk.files[FILE].decode())
    assert set(behind.tasks) <= seen
    assert len(behind.tasks) == counted(outcome) > 0
    assert ("people" in behind.columns) is (role != "client")
    assert outcome.data["behind"]


def test_a_supervisor_of_one_production_and_artist_in_another_counts_their_own():
    sample = Sample()
    projects = list(sample.tables.projects)
    ids = [one for project in projects[:2] for one in many_tasks(sample.studio, 20, project)[:20]]
    call = call_of(sample.session("hana"), ids)
    person = Person("x", "", "", "user", project_roles={projects[0]: "supervisor"})
    assert not statistics._sight(person, [projects[0]], Options()).only
    assert statistics._sight(person, projects[:2], Options()).only == "x"
    assert counted(statistics.run(call, Options())) == len(call.tasks)


def test_a_thousand_tasks_stay_within_the_record():
    sample = Sample()
    for row in sample.tables.persons.values():
        row |= {"first_name": "x" * 200, "last_name": "y" * 200, "full_name": "x" * 200 + "y" * 200}
    call = call_of(sample.session(), many_tasks(sample.studio, 1000))
    outcome = statistics.run(call, Options())
    assert counted(outcome) == 1000
    assert len(json.dumps(outcome.data["figures"])) <= LARGEST


def test_it_hears_that_somebody_wants_to_stop():
    sample = Sample()
    with pytest.raises(Cancelled):
        statistics.run(call_of(sample.session(), many_tasks(sample.studio, 5), report=Collected(1)), Options())


def test_it_ends_when_kitsu_does_not_answer():
    sample = Sample()
    call = call_of(sample.session(), many_tasks(sample.studio, 5))
    sample.studio.trouble = KitsuSlow()
    with pytest.raises(KitsuSlow):
        statistics.run(call, Options())


def test_it_refuses_nothing():
    with pytest.raises(ActionError):
        statistics.run(call_of(Sample().session(), []), Options())


@pytest.mark.django_db(transaction=True)
def test_its_page_has_the_figures_and_leads_to_the_standing_ones(an_action, a_queued_invocation, browser):  # noqa: F811
    from actions.worker.run import carry_out

    invocation = a_queued_invocation(an_action("statistics"), count=30)
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED
    page = browser("ada").get(invocation.get_absolute_url()).content.decode()
    assert all(f'id="figure-{slug}"' in page for slug in FIGURES)
    assert '<script id="chart-status" type="application/json">' in page
    for one in invocation.outcome["data"]["projects"]:
        assert f'/statistics/?project_id={one["id"]}"' in page
    file = next(one["file"] for one in invocation.outcome["data"]["figures"] if one["slug"] == "status")
    assert browser("ada").get(file).status_code == 200
