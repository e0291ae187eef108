"""Links that open programs: without a database for what is decided, with one for what the page shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from actions.contract import ActionError, EmptyDesk
from actions.handlers.open_app import Options, preview, run
from actions.models import Ticket
from actions.worker.run import carry_out
from audit.access import remember_call
from audit.states import State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.studio import studio
from tests.actions.filling.calls import call_on

SHOT = "/mnt/proj/{project_name|slug}/{entity_name|slug}/{task_type_name|slug}.mov"
STORAGE = "P:\\ | /Volumes/proj | /mnt/proj"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) Chrome/141"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Chrome/141"


class Tickets(EmptyDesk):
    """Keeps what tickets are asked for."""

    def __init__(self):
        self.given = []

    def ticket(self, content, minutes, *, same_address=False):
        self.given.append((content, minutes, same_address))
        return f"ticket {len(self.given)}"


SAMPLE = SampleStudio()


@pytest.fixture
def sample():
    return SAMPLE


@pytest.fixture
def call(sample):
    """A call on shots: `call(3)`; with `named`, each under that name."""

    def make(count=1, named="", **data):
        made = call_on(sample, count=count)
        tasks = made.tasks
        if len(tasks) < count or named or data:
            tasks = tuple(_task(tasks[n % len(tasks)], n, named, data) for n in range(count))
        return replace(made, desk=Tickets(), resolution=replace(made.resolution, tasks=tasks))

    return make


def _task(task, number, named, data):
    record = {**task.entity.record, "data": {**(task.entity.record.get("data") or {}), **data}}
    entity = replace(task.entity, name=named or f"SH{number:04}", record=record)
    return replace(task, id=f"task {number}", entity=entity)


def line(url):
    return bytes.fromhex(url.removeprefix("rvlink://baked/")).decode()


def states(call):
    return [call.report.results[task.id][0] for task in call.tasks]


def test_it_works(call):
    of = call(2)
    outcome = run(of, Options(file=SHOT))
    (launch,) = outcome.data["launches"]
    assert outcome.message == "2 tasks to open in RV."
    assert launch["platform"] == ""
    assert line(launch["url"]) == f" -l -play '{launch['files'][0]}' '{launch['files'][1]}'"
    assert states(of) == ["done", "done"]
    plan = preview(of, Options(file=SHOT))
    assert plan.message == outcome.message
    assert [step.message for step in plan.steps] == list(launch["files"])


def test_a_file_that_several_tasks_share_is_opened_once(call):
    of = call(3)
    outcome = run(of, Options(file="/mnt/proj/{project_name|slug}.mov"))
    assert len(outcome.data["launches"][0]["files"]) == 1
    run(of, Options(program="launcher", application="nuke", file="/mnt/proj/{project_name|slug}.mov"))
    assert len(of.desk.given[0][0]["files"][""]) == 1
    assert states(of) == ["done"] * 3


def test_each_system_gets_its_own_paths(call):
    (windows, macos, linux) = run(call(), Options(program="xstudio", file=SHOT, storage=STORAGE)).data["launches"]
    assert [one["platform"] for one in (windows, macos, linux)] == ["windows", "macos", "linux"]
    assert windows["url"].startswith("xstudio://add_media?media=P%3A%2F")
    assert windows["files"][0].startswith("P:\\")
    assert macos["files"][0].startswith("/Volumes/proj/")
    assert linux["files"][0].startswith("/mnt/proj/")


def test_it_cuts_to_the_shot_where_its_frames_are_known(call):
    of = call(2, frame_in="1001", frame_out=1040)
    odd = call(1, frame_in="first", frame_out="")
    assert " -in 1001 -out 1040 ]" in line(run(of, Options(file=SHOT, cut=True)).data["launches"][0]["url"])
    assert " -in" not in line(run(odd, Options(file=SHOT, cut=True)).data["launches"][0]["url"])
    assert " -in" not in line(run(of, Options(file=SHOT)).data["launches"][0]["url"])


@pytest.mark.parametrize(
    "file", ["{data.nothing}", "relative/{entity_name}", "/a/../{entity_name}", "/it's/{entity_name}"]
)
def test_tasks_without_a_file_are_told_why_and_the_rest_opens(call, file):
    of = call(3)
    odd = "{data.path}"
    tasks = [replace(task, entity=replace(task.entity, record={**task.entity.record, "data": {"path": f"/a/{task.id}"}}))
             for task in of.tasks]  # fmt: skip
    record = {
        **tasks[1].entity.record,
        "data": {"path": "" if "nothing" in file else file.replace("{entity_name}", "a")},
    }
    tasks[1] = replace(tasks[1], entity=replace(tasks[1].entity, record=record))
    of = replace(of, resolution=replace(of.resolution, tasks=tuple(tasks)))
    outcome = run(of, Options(file=odd))
    assert outcome.message == "2 tasks to open in RV. 1 cannot be opened."
    assert states(of) == ["done", "failed", "done"]
    assert [step.blocked for step in preview(of, Options(file=odd)).steps] == [False, True, False]
    with pytest.raises(ActionError, match=r"Nothing can be opened|None of these"):
        run(call(2), Options(file=file))


def test_another_program_gets_a_link_for_each_task(call):
    options = Options(program="other", file=SHOT, address="mrv2://open?path={path}&task={task_id}")
    of = call(2)
    outcome = run(of, options)
    assert outcome.message == "2 tasks to open in mrv2."
    assert outcome.data["launches"] == []
    _, path, data = of.report.results[of.tasks[0].id]
    (launch,) = data["launches"]
    assert launch["url"].startswith("mrv2://open?path=%2Fmnt%2Fproj%2F")
    assert data["files"] == {"": [path]}


def test_an_address_may_do_without_a_file(call):
    options = Options(program="other", without_file=True, address="kabaret://STUDIO/{project_name}/{entity_name}")
    of = call(1, named="a/b?c#d")
    run(of, options)
    assert of.report.results[of.tasks[0].id][2]["launches"][0]["url"].endswith("/a%2Fb%3Fc%23d")


def test_the_launcher_gets_a_ticket_and_no_command(call):
    options = Options(program="launcher", file=SHOT, storage=STORAGE, application="nuke", arguments="-x\n{project_name}\n",
                      minutes=7, same_address=True)  # fmt: skip
    of = call(2)
    outcome = run(of, options)
    ((content, minutes, same_address),) = of.desk.given
    assert (minutes, same_address, content["application"]) == (7, True, "nuke")
    assert content["arguments"] == ["-x", of.tasks[0].project.name]
    assert [len(content["files"][name]) for name in ("windows", "macos", "linux")] == [2, 2, 2]
    assert outcome.message == "2 tasks to open in nuke, through the launcher."
    assert "ticket" not in str(outcome)


def test_the_launcher_starts_each_task_alone_where_that_is_wanted(call):
    options = Options(
        program="launcher", file=SHOT, application="nuke", arguments="--shot={entity_name}", one_by_one=True
    )
    of = call(3)
    run(of, options)
    assert [content["arguments"] for content, _, _ in of.desk.given] == [
        [f"--shot={task.entity.name}"] for task in of.tasks
    ]
    many = call(51)
    with pytest.raises(ActionError, match="at most 50"):
        run(many, options)
    assert many.desk.given == []
    assert set(states(many)) == {"failed"}


def test_a_preview_makes_no_ticket(call):
    of = call(2)
    preview(of, Options(program="launcher", file=SHOT, application="nuke"))
    assert of.desk.given == []


@pytest.mark.parametrize("name", ["-e", "--python-expr"])
def test_no_name_becomes_an_option_of_a_program(call, name):
    of = call(1, named=name)
    with pytest.raises(ActionError, match="option"):
        run(of, Options(program="launcher", file="/a.nk", application="nuke", arguments="{entity_name}"))


def test_what_is_too_long_goes_through_the_launcher_or_says_what_to_do(call):
    of = call(1000)
    with pytest.raises(ActionError, match="Or have your studio manager"):
        run(of, Options(file=SHOT))
    assert set(states(of)) == {"failed"}
    assert {step.blocked for step in preview(of, Options(file=SHOT)).steps} == {True}
    outcome = run(of, Options(file=SHOT, launcher_when_long=True, application="rv"))
    assert outcome.message == "1,000 tasks to open in rv, through the launcher."
    ((content, _, _),) = of.desk.given
    assert len(content["files"][""]) == 1000
    assert set(states(of)) == {"done"}


@pytest.mark.parametrize("options", [
    {"program": "other"}, {"program": "other", "address": "javascript:{path}"}, {"program": "other", "address": "mrv2://{path}"},
    {"program": "other", "address": "https://studio/{path}"}, {"program": "other", "address": "file:///{path}"},
    {"program": "other", "address": "mrv2://open"}, {"program": "other", "address": "mrv2://open?{nothing}&{path}"},
    {"program": "other", "address": "ms-word:ofe|u|{path}"}, {"rv_options": "-eval 1"}, {"rv_options": "-init /a.mu"},
    {"file": "{nothing}"}, {"storage": "P: | /a"}, {"program": "launcher"}, {"program": "launcher", "application": "/bin/sh"},
    {"program": "launcher", "application": "nuke", "arguments": "{nothing}"}, {"launcher_when_long": True},
    {"without_file": True},
])  # fmt: skip
def test_no_administrator_can_open_what_is_denied(options):
    with pytest.raises(ActionError):
        Options(**options)


ON_ONE = call_on(SAMPLE, count=1)


@given(st.text(max_size=50))
def test_no_name_changes_where_a_link_leads(name):
    of = ON_ONE
    tasks = (replace(of.tasks[0], entity=replace(of.tasks[0].entity, name=name or "a")),)
    of = replace(of, resolution=replace(of.resolution, tasks=tasks))
    options = Options(program="other", file="/a/{entity_name}", address="mrv2://open?path={path}&name={entity_name}")
    try:
        run(of, options)
    except ActionError:
        return
    (launch,) = of.report.results[of.tasks[0].id][2]["launches"]
    assert launch["url"].startswith("mrv2://open?path=%2Fa%2F")
    assert launch["url"].isascii()
    assert launch["url"].count("&") == 1


def test_a_kitsu_that_fails_in_the_middle_ends_it_and_a_retry_makes_one_ticket(sample):
    of = replace(call_on(sample, count=3, where=lambda task: task.last_preview), desk=Tickets())
    options = Options(program="launcher", application="nuke")
    sample.trouble = KitsuSlow()
    try:
        with pytest.raises(KitsuSlow):
            run(of, options)
    finally:
        sample.trouble = None
    assert of.desk.given == []
    run(of, Options(program="launcher", application="nuke", file=SHOT))
    assert len(of.desk.given) == 1


@pytest.fixture
def ran(an_action, a_queued_invocation, sample_person):
    """Runs an action of this kind; its invocation, and a client of the person who made it."""

    def make(count=2, **options):
        action = an_action("open_app", options=options)
        action.full_clean()
        invocation = a_queued_invocation(action, count)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        client = Client(headers={"accept": "text/html", "user-agent": LINUX})
        client.cookies["access_token_cookie"] = studio().log_in(sample_person()["email"], "any")
        return invocation, client

    return make


def page(client, invocation, **headers):
    return client.get(invocation.get_absolute_url(), headers=headers).content.decode()


def mark_as_maker(client, invocation):
    from django.http import HttpResponse

    response = HttpResponse()
    remember_call(response, invocation)
    for name, cookie in response.cookies.items():
        client.cookies[name] = cookie.value


FILE = "/mnt/proj/{entity_name|path}.mov"


@pytest.mark.django_db(transaction=True)
def test_the_page_opens_it_by_itself_only_where_it_was_asked_for(ran):
    invocation, client = ran(file=FILE)
    assert invocation.state == State.SUCCEEDED, invocation.reason
    url = invocation.outcome["data"]["launches"][0]["url"]
    assert f'href="{url}"' in page(client, invocation)
    assert "data-then" not in page(client, invocation)
    mark_as_maker(client, invocation)
    assert f'href="{url}" data-then="{invocation.pk}"' in page(client, invocation)
    assert f'href="{url}">' in page(client, invocation)  # A reload only shows it.
    answer = client.get(invocation.get_absolute_url())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_the_page_picks_the_person_s_system_or_shows_all(ran):
    invocation, client = ran(file=FILE, storage=STORAGE)
    urls = {one["platform"]: one["url"] for one in invocation.outcome["data"]["launches"]}
    for agent, platform in ((LINUX, "linux"), (WINDOWS, "windows")):
        shown = page(client, invocation, user_agent=agent)
        assert shown.index(urls[platform]) < shown.index("On another system")
        assert all(url in shown for url in urls.values())
    unknown = page(client, invocation, user_agent="curl")
    assert "Which system is this computer?" in unknown
    assert "data-then" not in unknown


@pytest.mark.django_db(transaction=True)
def test_the_page_lists_several_links_and_opens_none_by_itself(ran):
    invocation, client = ran(3, program="other", file=FILE, address="mrv2://open?path={path}")
    mark_as_maker(client, invocation)
    shown = page(client, invocation)
    assert shown.count('href="mrv2://open?path=') == 3
    assert "Nothing opened?" in shown
    assert "data-then" not in shown


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "JavaScript:alert(1)", "https://evil/", "xstudio://add_media?media=%2Fa", "rvlink://other/00",
    "rvlink://baked/00\n", " rvlink://baked/00", "rvlink://baked/" + "0" * 3000,
])  # fmt: skip
def test_the_page_shows_no_link_that_the_action_does_not_declare(ran, url):
    invocation, client = ran(file=FILE)
    invocation.outcome["data"]["launches"][0]["url"] = url
    invocation.save()
    shown = page(client, invocation)
    assert "Its links are not shown" in shown
    assert 'id="launch"' not in shown


@pytest.mark.django_db(transaction=True)
def test_an_older_action_that_is_denied_now_opens_nothing(an_action, a_queued_invocation):
    action = an_action("open_app", options={"program": "other", "file": FILE, "address": "javascript:{path}"})
    invocation = a_queued_invocation(action)
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.FAILED
    assert "belongs to the browser" in invocation.reason


@pytest.mark.django_db(transaction=True)
def test_the_launcher_s_page_has_no_link_before_its_person_asks(ran):
    invocation, client = ran(program="launcher", file=FILE, application="nuke")
    ticket = Ticket.objects.get(invocation=invocation)
    assert ticket.person_id == invocation.person_id
    mark_as_maker(client, invocation)
    shown = page(client, invocation)
    assert f'data-then="{ticket.pk}"' in shown
    assert "kitsu-bridge:" not in shown
    client.cookies.pop("access_token_cookie")
    assert "Start on this computer" not in page(client, invocation)


@pytest.mark.django_db(transaction=True)
def test_it_cannot_be_in_the_background(an_action):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="opens something in the browser"):
        an_action("open_app", options={"file": FILE}, background=True).full_clean()
