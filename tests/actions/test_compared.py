"""An action as it was beside the action as it is: in words, field by field, and never a secret."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from actions.compared import compared, differs
from actions.history import save_action
from actions.models import Action
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.masking import MASK

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(test_kinds):
    return test_kinds


@pytest.fixture
def ran(an_action, a_queued_invocation):
    action = an_action("endings", options={"how": "well"}, values={"word": "one\ntwo"}, description="<b>Old</b>")
    return a_queued_invocation(action, count=1), action


def page(name, invocation):
    client = Client(headers={"accept": "text/html"})
    client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
    response = client.get(reverse("record_definition", args=[invocation.pk]))
    return response.content.decode() if response.status_code == 200 else response.status_code


def change(action, **fields):
    for name, value in fields.items():
        setattr(action, name, value)
    row = next(one for one in studio().people() if one["role"] == "admin")
    assert save_action(action, Person.from_record(row))


def test_it_works(ran):
    invocation, action = ran
    assert compared(invocation).changed == []
    assert "Unchanged since." in page("ada", invocation)
    change(action, options={"how": "crash"}, values={"word": "one\nthree"}, roles=["manager"], description="<b>New</b>")
    found = {one.label: (one.then, one.now) for one in compared(invocation).changed}
    assert found["Option: How"] == ("Well", "Crash")
    assert found["Roles"] == ("–", "manager")
    lines = next(one.lines for one in compared(invocation).changed if one.label == "Parameter: Word")
    assert [(line.kind, line.text) for line in lines] == [("", "one"), ("old", "two"), ("new", "three")]
    shown = page("ada", invocation)
    assert "4 fields changed since" in shown
    assert "<del>&lt;b&gt;Old&lt;/b&gt;</del>" in shown
    assert "Ada Okafor" in shown


def test_it_says_when_the_action_is_gone_or_another_one(ran):
    invocation, action = ran
    action.delete()
    assert compared(invocation).action is None
    assert "The action is gone." in page("ada", invocation)
    Action.objects.create(name="Endings", slug=invocation.action_slug, kind="endings", options={"how": "well"})
    assert compared(invocation).another
    assert "Another action has this name now." in page("ada", invocation)


def test_it_tells_what_a_run_would_do_differently(ran):
    invocation, action = ran
    change(action, name="Other", roles=["manager"], confirm_first=True)
    assert differs(invocation, action) == []
    change(action, options={"how": "crash"}, time_limit=5)
    assert differs(invocation, action) == ["Option: How", "Time limit"]


def test_it_never_shows_a_secret(ran):
    invocation, action = ran
    change(action, kind="asking", options={"api_key": "tops3cret"}, values={"password": "hunter2hunter2"})
    shown = {one.name: (one.then, one.now, one.changed) for one in compared(invocation).changed}
    assert shown["options.api_key"] == ("–", MASK, True)
    assert shown["values.password"] == ("–", MASK, True)
    for text in ("tops3cret", "hunter2"):
        assert text not in page("ada", invocation)


def test_it_is_for_leads(ran, sample_person):
    invocation, _ = ran
    invocation.set_person(Person.from_record(sample_person("user")), "proven")
    invocation.project_ids = [studio().bot().projects()[0]["id"]]
    invocation.save()
    owner = sample_person("user")["email"].partition("@")[0]
    assert page(owner, invocation) == 404
    assert not isinstance(page("ada", invocation), int)


def test_it_names_what_kitsu_knows(an_action, a_queued_invocation):
    project = studio().bot().projects()[0]
    action = an_action("debug", projects=[project["id"]])
    invocation = a_queued_invocation(action, count=1)
    change(action, projects=[])
    (found,) = compared(invocation, studio().bot()).changed
    assert (found.then, found.now) == (project["name"], "–")
    assert compared(invocation).changed[0].then == project["id"]


def test_a_call_of_nothing_has_no_definition(an_action, a_queued_invocation):
    invocation = a_queued_invocation(an_action("debug"), count=1)
    invocation.definition = {}
    invocation.save()
    assert "no definition was taken" in page("ada", invocation)
