"""The addresses need no database; what the browser is told needs the page."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.html import escape

from actions.contract import ActionError
from actions.handlers.open_url import Options, preview, run, wrong
from actions.worker.run import carry_out
from audit.access import remember_call
from audit.states import State
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.studio import studio
from tests.actions.filling.calls import call_on

TRACKER = "https://tracker.studio/shots/{entity_name}?task={task_id}"


@pytest.fixture(scope="module")
def sample():
    return SampleStudio()


def on_many(call, count):
    """The same call on many tasks: its own, again and again under other ids, each with another name."""
    first = call.tasks[0]
    tasks = tuple(
        replace(first, id=f"task {n}", entity=replace(first.entity, name=f'../{n}"><b>@evil.com\r\n'))
        for n in range(count)
    )
    return replace(call, resolution=replace(call.resolution, tasks=tasks))


def test_it_works(sample):
    call = call_on(sample, where=lambda task: task.entity.name == "SH0010")
    outcome = run(call, Options(TRACKER))
    assert outcome.then == "open"
    assert outcome.target == f"https://tracker.studio/shots/SH0010?task={call.tasks[0].id}"
    assert outcome.message == "It opens at tracker.studio."
    assert preview(call, Options(TRACKER)).message == f"Opens {outcome.target}"


def test_one_for_the_selection_has_its_ids(sample):
    call = call_on(sample, count=3)
    target = run(call, Options("https://tracker.studio/?tasks={selection}&by={person_email}")).target
    assert target == f"https://tracker.studio/?tasks={'%2C'.join(t.id for t in call.tasks)}&by=ada%40sample.studio"


def test_one_each_is_a_list_of_links_and_says_which_has_none(sample):
    shots, assets = call_on(sample, count=2), call_on(sample, "Asset", 1)
    tasks = (*shots.tasks, *assets.tasks)
    call = replace(shots, resolution=replace(shots.resolution, tasks=tasks))
    options = Options("https://tracker.studio/{sequence_name}/{task_id}", once_for="task")
    outcome = run(call, options)
    assert (outcome.then, outcome.message) == ("show", "2 addresses to open.")
    states = [call.report.results[task.id] for task in tasks]
    assert [state for state, _, _ in states] == ["done", "done", "failed"]
    assert "{sequence_name} has no value" in states[2][1]
    assert states[0][2]["link"] == states[0][1] == f"https://tracker.studio/SQ01/{tasks[0].id}"
    assert [(step.message, step.blocked) for step in preview(call, options).steps] == [
        (message, state == "failed") for state, message, _ in states
    ]


def test_one_each_of_a_single_task_is_opened(sample):
    assert run(call_on(sample), Options(TRACKER, once_for="task")).then == "open"


def test_a_thousand_tasks_with_hostile_names(sample):
    call = on_many(call_on(sample), 1000)
    outcome = run(call, Options(TRACKER, once_for="task"))
    assert outcome.message == "1,000 addresses to open."
    assert len({data["link"] for _, _, data in call.report.results.values()}) == 1000
    assert {urlsplit(data["link"]).netloc for _, _, data in call.report.results.values()} == {"tracker.studio"}
    assert all(data["link"].count("/") == 4 for _, _, data in call.report.results.values())
    with pytest.raises(ActionError, match="Select fewer tasks"):
        run(call, Options("https://tracker.studio/?{selection}"))


def test_previews_of_all_tasks_are_one_request_and_a_failing_kitsu_is_said(sample):
    call = call_on(sample, count=200, where=lambda task: task.last_preview)
    options = Options("https://tracker.studio/{preview_id}.{preview_extension}", once_for="task")
    asked = []

    class Counting:
        def preview_files(self, ids):
            asked.append(len(ids))
            return sample.bot().preview_files(ids)

    run(replace(call, kitsu=Counting()), options)
    assert asked == [len({task.last_preview.id for task in call.tasks})]
    sample.trouble = KitsuSlow()
    try:
        with pytest.raises(KitsuSlow):
            run(replace(call), options)  # The same call, nothing of it read yet.
    finally:
        sample.trouble = None


@pytest.mark.parametrize(
    ("url", "hosts", "good"),
    [
        ("https://any.where/", [], True),
        ("http://any.where/", [], False),
        ("rv://any.where/", [], False),
        ("rv://tracker.lan/", ["tracker.lan"], False),
        ("https://any.where/", ["tracker.lan"], False),
        ("https://tracker.lan/", ["tracker.lan"], True),
        ("http://Tracker.lan/", ["tracker.lan"], True),
        ("http://tracker.lan:8080/", ["tracker.lan"], True),
        ("http://tracker.lan/", ["http://tracker.lan"], True),
        ("http://tracker.lan/", ["https://tracker.lan"], False),
        ("https://tracker.lan/", ["http://tracker.lan"], False),
        ("http://tracker.lan:8080/", ["tracker.lan:8080"], True),
        ("http://tracker.lan:81/", ["tracker.lan:8080"], False),
        ("https://a.studio.com/", ["*.studio.com"], True),
        ("https://studio.com/", ["*.studio.com"], False),
        ("https://evilstudio.com/", ["*.studio.com"], False),
        ("https://tracker.lan.evil.com/", ["tracker.lan"], False),
        ("http://[::1]:8080/", ["[::1]"], True),
        ("http://[::1]/", ["[::1]:8080"], False),
    ],
)
def test_it_opens_only_hosts_that_are_allowed(sample, url, hosts, good):
    call = call_on(sample, OPEN_URL_HOSTS=hosts)
    assert (list(wrong(Options(url), call.desk.settings)) == []) is good
    if good:
        assert run(call, Options(url)).target == url
    else:
        with pytest.raises(ActionError):
            run(call, Options(url))
        with pytest.raises(ActionError):
            preview(call, Options(url))


@pytest.fixture
def ran(an_action, a_queued_invocation, sample_person):
    """Runs an action of this kind; its invocation, and a client that has made it."""

    def make(count, **options):
        invocation = a_queued_invocation(an_action("open_url", options=options), count)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        client = Client(headers={"accept": "text/html"})
        client.cookies["access_token_cookie"] = studio().log_in(sample_person()["email"], "any")
        return invocation, client

    return make


def mark_as_maker(client, invocation):
    from django.http import HttpResponse

    response = HttpResponse()
    remember_call(response, invocation)
    for name, cookie in response.cookies.items():
        client.cookies[name] = cookie.value


@pytest.mark.django_db(transaction=True)
def test_the_page_opens_it_by_itself_only_where_it_was_asked_for(ran):
    invocation, client = ran(1, url=TRACKER)
    assert invocation.state == State.SUCCEEDED
    link = f'href="{invocation.outcome["target"]}"'
    elsewhere = client.get(invocation.get_absolute_url()).content.decode()
    assert link in elsewhere
    assert "data-then" not in elsewhere
    mark_as_maker(client, invocation)
    here = client.get(invocation.get_absolute_url()).content.decode()
    assert link in here
    assert f'data-then="{invocation.pk}"' in here
    assert f'content="0; url={escape(invocation.outcome["target"])}"' in here  # Without JavaScript.
    again = client.get(invocation.get_absolute_url()).content.decode()
    assert link in again
    assert "data-then" not in again
    assert "0; url" not in again


@pytest.mark.django_db(transaction=True)
def test_the_page_lists_several_as_links(ran):
    invocation, client = ran(3, url="https://tracker.studio/{task_id}?a=1&b={entity_name}", once_for="task")
    page = client.get(invocation.get_absolute_url()).content.decode()
    for task_id in invocation.task_ids:
        assert f'<a href="https://tracker.studio/{task_id}?a=1&amp;b=' in page
    assert "data-then" not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "java\nscript:alert(1)", "//evil.com", "/\\evil.com", "/\t/evil.com", "https://a@b/", "rv://x",
     "https:evil", "data:text/html,x", " javascript:x"],
)  # fmt: skip
def test_the_page_opens_nothing_else_than_web_addresses(ran, target):
    invocation, client = ran(1, url=TRACKER)
    mark_as_maker(client, invocation)
    invocation.outcome = {**invocation.outcome, "target": target}
    invocation.save()
    page = client.get(invocation.get_absolute_url()).content.decode()
    assert "data-then" not in page
    assert "0; url" not in page
    assert "is no web address" in page
    assert "evil" not in page


def test_the_settings_are_asked_when_it_is_saved(an_action, settings):
    from django.core.exceptions import ValidationError

    action = an_action("open_url", options={"url": "https://other.studio/"})
    action.full_clean()
    settings.OPEN_URL_HOSTS = ["tracker.lan"]
    with pytest.raises(ValidationError, match="is not among the hosts that OPEN_URL_HOSTS allows"):
        action.full_clean()
    action.background = True
    with pytest.raises(ValidationError, match="Kitsu throws away what AJAX answers"):
        action.full_clean()
