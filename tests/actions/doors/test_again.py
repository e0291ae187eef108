"""Running something again: what was not done, or all of it, as whoever asks now."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from actions.history import save_action
from actions.line.again import then_within_today
from actions.models import Action
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State, WaitingFor
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


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def again(client, invocation, **what):
    response = client.post(reverse("rerun_invocation", args=[invocation.pk]), what)
    return response, Invocation.objects.filter(rerun_of=invocation).order_by("-received_at").first()


def test_it_works(an_action, a_queued_invocation):
    first = run(a_queued_invocation(an_action("endings", options={"how": "one_failed"}, fixed=["word"]), count=3))
    ada = browser_of("ada")
    assert "Retry the 1 not done" in ada.get(first.get_absolute_url()).text
    _, retry = again(ada, first, what="unfinished")
    assert retry.task_ids == first.task_ids[:1]
    assert (retry.retry, retry.door, retry.state) == (True, Door.RERUN, State.QUEUED)
    assert first.events.filter(what=Happened.RERUN).exists()


def test_nothing_is_left_of_what_succeeded(an_action, a_queued_invocation):
    first = run(a_queued_invocation(an_action("endings", fixed=["word"]), count=2))
    ada = browser_of("ada")
    assert "not done" not in ada.get(first.get_absolute_url()).text
    assert again(ada, first, what="unfinished")[1] is None
    assert not again(ada, first)[1].retry


def test_who_leads_runs_it_again_as_themselves(an_action, a_queued_invocation):
    row = next(row for row in studio().bot().persons() if row["email"] == "noa@sample.studio")
    first = run(a_queued_invocation(an_action("asking"), count=1, person=row, parameters={"count": 3}))
    assert first.state == State.SUCCEEDED
    ada = browser_of("ada")
    _, anew = again(ada, first, what="edited")
    assert (anew.waiting_for, anew.person_email) == (WaitingFor.PARAMETERS, "ada@sample.studio")
    ada.post(reverse("invocation_parameters", args=[anew.pk]),
             {"param-count": "4", "param-size": "small", "do": "run"})  # fmt: skip
    assert run(anew).message.startswith("4 of")


def change(action, **fields):
    for name, value in fields.items():
        setattr(action, name, value)
    save_action(action, None)


@pytest.fixture
def changed(an_action, a_queued_invocation):
    """One that ended well, and its action, which fails for one task today."""
    action = an_action("endings", fixed=["word"], values={"word": "old"})
    first = run(a_queued_invocation(action, count=2))
    change(action, options={"how": "one_failed"}, values={"word": "new"})
    return first, action


def test_it_asks_which_way_when_the_action_does_something_else_now(changed):
    first, _ = changed
    ada = browser_of("ada")
    response, nothing = again(ada, first)
    assert (nothing, response["Location"]) == (None, f"{reverse('rerun_choice', args=[first.pk])}?what=all")
    page = ada.get(response["Location"]).text
    assert "Since then changed: Option: How, Parameter: Word." in page
    assert page.count('name="how"') == 2


def test_it_runs_as_it_was_then(changed):
    first, action = changed
    _, anew = again(browser_of("ada"), first, how="then")
    assert (anew.options, anew.version, action.version) == ({}, 1, 2)
    assert run(anew).message == "All old."
    event = first.events.filter(what=Happened.RERUN).get()
    assert "as it was then" in event.text
    assert event.data["invocation"] == str(anew.pk)


def test_it_runs_as_the_action_is_today(changed):
    first, _ = changed
    _, anew = again(browser_of("ada"), first, how="today")
    assert (run(anew).message, anew.version, anew.state) == ("All new.", 2, State.PARTIAL)


def refused(client, first, code, **what):
    response, anew = again(client, first, **what)
    assert (response.status_code >= 400, anew.state, anew.reason_code) == (True, State.REFUSED, code)
    assert anew.reason in anew.events.get(what=Happened.REFUSED).text
    return anew


@pytest.mark.parametrize("how", ["then", "today"])
def test_it_refuses_what_has_gone_since_and_says_so(changed, how):
    first, action = changed
    ada = browser_of("ada")
    change(action, enabled=False)
    refused(ada, first, "disabled", how=how)
    Action.objects.all().delete()
    refused(ada, first, "unknown_action", how=how)
    assert "The action is gone" in ada.get(reverse("rerun_choice", args=[first.pk])).text


def test_it_refuses_a_kind_that_has_gone(changed):
    first, _ = changed
    Invocation.objects.filter(pk=first.pk).update(definition={**first.definition, "kind": "gone"})
    first.refresh_from_db()
    refused(browser_of("ada"), first, "kind_gone", how="then")
    page = browser_of("ada").get(reverse("rerun_choice", args=[first.pk])).text
    assert "Not possible: It was of the kind “gone”" in page
    assert page.count('name="how"') == 1


def test_it_refuses_options_that_the_kind_takes_no_more(changed):
    first, _ = changed
    Invocation.objects.filter(pk=first.pk).update(
        definition={**first.definition, "options": {"how": "nothing like it"}}
    )
    first.refresh_from_db()
    refused(browser_of("ada"), first, "options", how="then")


def test_a_withdrawn_right_is_not_brought_back(changed):
    """Neither the role at the door, nor what only the tasks say in the worker."""
    first, action = changed
    change(action, roles=["supervisor"])
    refused(browser_of("ada"), first, "role", how="then")
    change(action, roles=[], projects=["00000000-0000-4000-8000-000000000000"])
    _, anew = again(browser_of("ada"), first, how="then")
    assert (run(anew).state, anew.reason_code) == (State.REFUSED, "project")


def test_a_right_of_then_is_not_lent(an_action, a_queued_invocation):
    """What was for managers only does not become everybody's since the action is harmless, and everybody's, today."""
    action = an_action("endings", roles=["admin"], fixed=["word"], double_click_window=0)
    row = next(row for row in studio().bot().persons() if row["email"] == "noa@sample.studio")
    first = run(a_queued_invocation(action, count=1))
    first.set_person(Person.from_record(row), "proven")
    first.save()
    change(action, roles=[], options={"how": "one_failed"})
    refused(browser_of("noa"), first, "role", how="then")
    _, anew = again(browser_of("noa"), first, how="today")
    assert anew.state == State.QUEUED
    _, as_admin = again(browser_of("ada"), first, how="then")
    _, once_more = again(browser_of("ada"), run(as_admin), how="then")
    assert len(once_more.definition["besides"]) == 2


def test_it_asks_before_it_runs_where_today_asks(changed):
    first, action = changed
    change(action, confirm_first=True)
    _, anew = again(browser_of("ada"), first, how="then")
    assert run(anew).waiting_for == WaitingFor.CONFIRMATION


@pytest.mark.parametrize("name", ["clara", "pixelworks", "emile"])
def test_strangers_find_nothing(changed, name):
    first, _ = changed
    assert again(browser_of(name), first, how="then")[0].status_code == 404
    assert browser_of(name).get(reverse("rerun_choice", args=[first.pk])).status_code == 404


def test_looking_at_the_choice_runs_nothing(changed):
    first, _ = changed
    browser_of("ada").get(reverse("rerun_choice", args=[first.pk]), {"how": "then", "what": "all"})
    assert Invocation.objects.count() == 1


def test_the_consent_of_then_is_asked_for_still(an_action, a_queued_invocation):
    action = an_action("endings", fixed=["word"], approvers=["leads"])
    first = a_queued_invocation(action, count=1)
    change(action, approvers=[], options={"how": "one_failed"})
    then = then_within_today(first.definition, action)
    assert (then["approvers"], then["options"]) == (["leads"], {})
    assert then_within_today(action.definition(), action)["approvers"] == []
