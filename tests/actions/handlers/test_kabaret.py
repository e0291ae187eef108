"""Oids and links without a database; the running Kabaret through a real Redis; the page and the admin with a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from actions.contract import ActionError, EmptyDesk
from actions.handlers.kabaret import Options, preview, run
from actions.worker.run import carry_out
from audit.access import remember_call
from audit.states import State
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.studio import studio
from tests.actions.conftest import a_queued_invocation, an_action, sample_person, sample_task_ids
from tests.actions.filling.calls import call_on
from tests.deploy.kabaret.sessions import ME, REDIS, Session, View

__all__ = ["a_queued_invocation", "an_action", "sample_person", "sample_task_ids"]

SAMPLE = SampleStudio()


class Secrets(EmptyDesk):
    """Holds the address of Kabaret's Redis."""

    def secret(self, name):
        return {"KABARET": REDIS}[name]


@pytest.fixture
def call():
    """A call on shots of a film: `call(3)`; under names of `names`."""

    def make(count=1, *names, kind="Shot", project=None, entity=None, **data):
        made = call_on(SAMPLE, kind, 1)
        tasks = [_task(made.tasks[0], n, names, project or {}, entity or {}, data) for n in range(count)]
        return replace(made, desk=Secrets(), resolution=replace(made.resolution, tasks=tuple(tasks)))

    return make


def _task(task, number, names, project, entity, data):
    name = names[number] if number < len(names) else f"SH{number:04}"
    record = {**task.entity.record, "data": data}
    found = replace(task.entity, name=name, record=record, **entity)
    of = replace(task.project, record={**task.project.record, "production_type": "short", **project})
    return replace(task, id=f"task {number}", entity=found, project=of)


def states(call):
    return [call.report.results[task.id][0] for task in call.tasks]


def oids(call, **options):
    return [step.message for step in preview(call, Options(cluster="STUDIO", **options)).steps]


def test_it_works(call):
    of = call(2)
    project, sequence, task = (
        of.tasks[0].project.name,
        of.tasks[0].entity.sequence.name,
        of.tasks[0].task_type.name.lower(),
    )
    outcome = run(of, Options(cluster="STUDIO"))
    assert outcome.message == preview(of, Options(cluster="STUDIO")).message == "2 tasks to open in Kabaret."
    wanted = f"/{project}/films/{project}/sequences/{sequence}/shots/SH0001/tasks/{task}"
    _, message, data = of.report.results["task 1"]
    assert (message, data["oid"]) == (wanted, wanted)
    assert data["launches"][0]["url"] == f"kabaret://STUDIO{wanted.replace(' ', '%20')}"
    assert oids(of)[1] == wanted


def test_oids_are_libreflow_s_own_by_default(call):
    episode = replace(call().tasks[0].entity.sequence, name="E01")
    tv = {"project": {"production_type": "tvshow"}, "entity": {"episode": episode}}
    assert "/films/E01/sequences/" in oids(call(1, **tv))[0]
    (asset,) = oids(call(1, "Rabbit", kind="Asset"))
    assert "/asset_types/" in asset
    assert "/assets/Rabbit/tasks/" in asset
    assert "/asset_families/main/assets/Rabbit/" in oids(call(1, "Rabbit", kind="Asset", category="main"))[0]
    assert "/asset_families/" not in oids(call(1, kind="Asset", category="main"), asset_family="")[0]
    assert "/asset_libs/E01/asset_types/" in oids(call(1, kind="Asset", **tv))[0]
    alone = {"project": {"production_type": "tvshow"}}
    assert "/asset_libs/main_pack/asset_types/" in oids(call(1, kind="Asset", **alone))[0]
    assert "/asset_libs/" not in oids(call(1, kind="Asset", **alone), asset_pack="")[0]


def test_names_differ_in_kabaret_where_the_action_says_so(call):
    of = call(1, "SH 010_Ä")
    task, project = of.tasks[0].task_type.name, of.tasks[0].project.name
    lines = f"{task.upper()} = lgt\n\n{project} = film"
    assert oids(of, aliases=lines, shot="/{project_name}/{entity_name|slug}/tasks/{task_type_name}") == [
        "/film/sh-010-a/tasks/lgt"
    ]


@pytest.mark.parametrize("name", ["a/b", "..", ".", "x" * 2000])
def test_no_name_leads_elsewhere_and_the_rest_opens(call, name):
    of = call(3, "SH1", name, "SH3")
    outcome = run(of, Options(cluster="STUDIO"))
    assert outcome.message == "2 tasks to open in Kabaret. 1 cannot be opened."
    assert states(of) == ["done", "failed", "done"]
    assert [step.blocked for step in preview(of, Options(cluster="STUDIO")).steps] == [False, True, False]
    with pytest.raises(ActionError, match="Nothing can be opened"):
        run(call(1, name), Options(cluster="STUDIO"))


@pytest.mark.parametrize("name", ["a?b#c", "<script>", "javascript:x", "é %2F..", "it's $(id)"])
def test_hostile_names_are_names(call, name):
    of = call(1, name)
    run(of, Options(cluster="STUDIO"))
    (launch,) = of.report.results["task 0"][2]["launches"]
    assert launch["url"].startswith("kabaret://STUDIO/")
    assert not set("?#<> '") & set(launch["url"])


def test_a_thousand_tasks_have_their_links(call):
    of = call(1000)
    assert run(of, Options(cluster="STUDIO")).message == "1,000 tasks to open in Kabaret."
    assert set(states(of)) == {"done"}


def test_what_has_no_oid_is_blocked_with_the_reason(call):
    assert oids(call(1, entity={"kind": "edit"})) == ["The action has no oid for tasks on edits."]
    assert oids(call(1, entity={"kind": "edit"}), other="/{project_name}/edits") == [
        f"/{call().tasks[0].project.name}/edits"
    ]
    assert "no value" in oids(call(1, entity={"sequence": None}))[0]


@pytest.mark.parametrize("options", [
    {"cluster": ""}, {"cluster": "a/b"}, {"cluster": "a@b"}, {"shot": "film"}, {"shot": "/{nothing}"}, {"aliases": "Lighting"},
    {"users": "jane"}, {"mode": "session"}, {"mode": "session", "redis": "http://a"}, {"redis": "redis://:secret@a"},
    {"mode": "session", "redis": "redis://a", "redis_secret": "KABARET"}, {"redis": "redis://a?password=b"},
])  # fmt: skip
def test_options_that_open_nothing_are_refused(options):
    with pytest.raises(ActionError):
        Options(**{"cluster": "STUDIO", **options})


SHOTS = {"shot": "/film/shots/{entity_name|lower}"}
ASKED = {"cluster": "HANDLER", "mode": "session", "redis_secret": "KABARET", "wait": 1, **SHOTS}
KNOWN = f"ada@sample.studio = {ME}"


@pytest.mark.redis
def test_a_running_kabaret_opens_them_and_says_where(call):
    of = call(3, "SH010", "SH999", "SH010")
    session = Session()
    with session.listening("HANDLER"):
        outcome = run(of, Options(**ASKED, users=KNOWN))
    assert outcome.message == "2 tasks opened in Kabaret."
    assert states(of) == ["done", "failed", "done"]
    assert of.report.results["task 0"][1] == f"/film/shots/sh010 is open in {ME}:kabaret-1@ws12."
    assert "There is no /film/shots/sh999" in of.report.results["task 1"][1]
    assert "launches" not in of.report.results["task 1"][2]
    assert [view.oid for view in session.views] == ["/film/shots/sh010"] * 2  # The second one in a view of its own.


@pytest.mark.redis
def test_what_is_deleted_in_kabaret_in_the_middle_is_said(call):
    of, session = call(3, "SH010", "SH010", "SH010"), Session()
    session.add_view = lambda _type, oid: [session.views.append(View(oid)), setattr(session.Flow, "known", ("/film",))]
    with session.listening("HANDLER"):
        outcome = run(of, Options(**ASKED, users=KNOWN))
    assert outcome.message == "1 task opened in Kabaret."
    assert states(of) == ["done", "failed", "failed"]
    assert "There is no /film/shots/sh010" in of.report.results["task 2"][1]


@pytest.mark.redis
def test_what_was_opened_is_not_opened_again(call):
    session = Session()
    with session.listening("HANDLER"):
        run(replace(call(2, "SH010", "SH010"), done_before=frozenset({"task 0"})), Options(**ASKED, users=KNOWN))
    assert len(session.views) == 1


@pytest.mark.redis
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"users": KNOWN}, "No session of Kabaret is running"),
        ({"users_by_email": False}, "does not know the login of ada@sample.studio"),
        ({"redis": "redis://127.0.0.1:1/0", "redis_secret": ""}, "Redis cannot be reached"),
    ],
)
def test_where_nobody_opens_it_the_link_is_offered(call, more, words):
    of = call(3, "SH010", "a/b")
    outcome = run(of, Options(**{**ASKED, **more}))
    assert words in outcome.message
    assert states(of) == ["failed"] * 3
    _, message, data = of.report.results["task 0"]
    assert words in message
    assert data["launches"][0]["url"] == "kabaret://HANDLER/film/shots/sh010"
    assert "launches" not in of.report.results["task 1"][2]


@pytest.mark.redis
def test_silence_is_waited_for_once(call):
    of = call(20)
    with Session().listening("HANDLER", lambda *_: None) as session:
        outcome = run(of, Options(**ASKED, users=KNOWN))
    assert "answered within 1 s" in outcome.message
    assert set(states(of)) == {"failed"}
    assert session.views == []


def test_a_running_kabaret_opens_so_many_at_once(call):
    with pytest.raises(ActionError, match="at most 20"):
        run(call(21), Options(**ASKED, users=KNOWN))


@pytest.mark.django_db
def test_only_a_running_kabaret_can_be_reached_in_the_background(an_action):
    with pytest.raises(ValidationError, match="Only the running Kabaret"):
        an_action("kabaret", options={"cluster": "STUDIO"}, background=True).full_clean()
    an_action(
        "kabaret", slug="b", options={"cluster": "S", "mode": "session", "redis": "redis://a"}, background=True
    ).full_clean()


@pytest.mark.django_db(transaction=True)
def test_the_page_opens_a_single_link_by_itself(an_action, a_queued_invocation, sample_person):
    action = an_action(
        "kabaret", options={"cluster": "STUDIO", "shot": "/film/{entity_name}", "asset": "/film/{entity_name}"}
    )
    action.full_clean()
    invocation = a_queued_invocation(action, 1)
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.SUCCEEDED, invocation.reason
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(sample_person()["email"], "any")
    url = invocation.results.get().data["launches"][0]["url"]
    page = client.get(invocation.get_absolute_url()).content.decode()
    assert f'href="{url}">Open in Kabaret' in page
    mark_as_maker(client, invocation)
    assert f'href="{url}" data-then="{invocation.pk}"' in client.get(invocation.get_absolute_url()).content.decode()
    result = invocation.results.get()
    result.data["launches"][0]["url"] = "javascript:alert(1)"
    result.save()
    page = client.get(invocation.get_absolute_url()).content.decode()
    assert "Its links are not shown" in page
    assert "javascript:alert" not in page


def mark_as_maker(client, invocation):
    response = HttpResponse()
    remember_call(response, invocation)
    for name, cookie in response.cookies.items():
        client.cookies[name] = cookie.value


@pytest.mark.django_db
def test_the_admin_shows_the_oid_of_a_real_task():
    bot = studio().bot()
    shot = next(
        row for one in bot.projects() for row in bot.project_entities(one["id"], "Shot") if row["name"] == "SH0020"
    )
    task = bot.entity_tasks([shot["id"]])[0]
    kind = next(row["name"] for row in bot.task_types() if row["id"] == task["task_type_id"])
    client = Client()
    client.cookies["access_token_cookie"] = studio().log_in("ada@sample.studio", "any")
    sent = {
        "kind": "kabaret",
        "name": "K",
        "trial_task": task["id"],
        "option_shot": "/film/{entity_name|lower}/tasks/{task_type_name}",
    }
    for aliases, last in (("", kind), (f"{kind} = xyz", "xyz"), ("nothing", "names nothing")):
        answer = client.post(reverse("admin:actions_action_trial_shown"), {**sent, "option_aliases": aliases})
        (found,) = [one for one in answer.context["filled"] if one.field == "option_shot"]
        assert last in (found.text or found.trouble)
