from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from actions.history import delete_action
from actions.models import Action, Withdrawn
from actions.publish import base_url, button, plan
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

BASE = "http://testserver/"
URL = "admin:actions_action_buttons"


def steps():
    return {step.name: step.what for step in plan(studio().bot(), BASE).steps}


def publish(client):
    found = plan(studio().bot(), BASE)
    return client.post(reverse(URL), {"seen": found.digest}, follow=True)


def there(action):
    action.refresh_from_db()
    return next((row for row in studio().bot().custom_actions() if row["id"] == action.kitsu_id), None)


def test_it_works(ada, an_action):
    action = an_action(name="Review", slug="review", entity_types=["shot"], background=True)
    assert "create" in ada.get(reverse(URL)).content.decode()
    response = publish(ada)
    assert response.status_code == 200
    assert b"Review: created" in response.content
    row = there(action)
    assert (row["name"], row["url"], row["entity_type"], row["is_ajax"]) == (
        "Review", "http://testserver/run/review/", "shot", True
    )  # fmt: skip
    assert steps() == {"Review": "unchanged"}
    assert Event.objects.get(what=Happened.ACTION_PUBLISHED).actor_id == ada.person["id"]


def test_it_updates_and_removes_and_leaves_others_alone(ada, an_action):
    one, two = an_action(name="One", slug="one"), an_action(name="Two", slug="two")
    publish(ada)
    others = [row for row in studio().bot().custom_actions() if "review.example.com" in row["url"]]
    Action.objects.filter(pk=one.pk).update(name="Uno")
    Action.objects.filter(pk=two.pk).update(enabled=False)
    assert steps() == {"Uno": "update", "Two": "remove"}
    gone = Action.objects.get(pk=two.pk).kitsu_id
    publish(ada)
    assert there(one)["name"] == "Uno"
    assert gone not in {row["id"] for row in studio().bot().custom_actions()}
    assert others == [row for row in studio().bot().custom_actions() if "review.example.com" in row["url"]]
    assert others


def test_the_button_of_a_deleted_action_goes_with_the_next_publishing(ada, an_action):
    action = an_action(name="Review")
    publish(ada)
    action.refresh_from_db()
    delete_action(action, None)
    assert steps() == {"Review": "remove"}
    publish(ada)
    assert not Withdrawn.objects.exists()
    assert action.kitsu_id not in {row["id"] for row in studio().bot().custom_actions()}


def test_it_shows_drift(ada, an_action):
    action = an_action(name="Review")
    publish(ada)
    action.refresh_from_db()
    bot = studio().bot()
    bot.update_custom_action(action.kitsu_id, {"name": "Somebody's name"})
    found = plan(bot, BASE)
    assert found.steps[0].drift == "Changed in Kitsu: name."
    bot.delete_custom_action(action.kitsu_id)
    assert plan(bot, BASE).steps[0].drift == "It was removed in Kitsu."
    publish(ada)
    assert there(action)["name"] == "Review"


def test_a_button_that_points_here_can_be_adopted(ada, an_action):
    action = an_action(name="Review", slug="review")
    row = studio().bot().create_custom_action({**button(action, BASE), "name": "Old name"})
    assert b"Adopt it" in ada.get(reverse(URL)).content
    ada.post(reverse(URL), {"adopt": row["id"]})
    action.refresh_from_db()
    assert action.kitsu_id == row["id"]
    assert steps() == {"Review": "update"}


def test_a_plan_that_changed_meanwhile_is_shown_again(ada, an_action):
    an_action(name="Review")
    response = ada.post(reverse(URL), {"seen": "7"}, follow=True)
    assert b"has changed since you looked" in response.content
    assert steps() == {"Review": "create"}


def test_a_failure_half_way_leaves_the_ids_right(ada, an_action, monkeypatch):
    for name in ("a", "b"):
        an_action(name=name, slug=name)
    from kitsu_bridge.kitsu.sample.studio import SampleKitsu

    original = SampleKitsu.create_custom_action

    def fails_for_b(self, data):
        if data["name"] == "b":
            raise KitsuForbids
        return original(self, data)

    monkeypatch.setattr(SampleKitsu, "create_custom_action", fails_for_b)
    response = publish(ada)
    assert b"a: created" in response.content
    assert b"b: Kitsu does not allow this" in response.content
    monkeypatch.undo()
    assert steps() == {"a": "unchanged", "b": "create"}


def test_kitsu_away_is_said(ada, an_action):
    an_action()
    ada.get(reverse("front"))
    studio().trouble = KitsuUnreachable()
    try:
        response = ada.get(reverse(URL))
    finally:
        studio().trouble = None
    assert response.status_code in {200, 302}


def test_the_command_plans_and_publishes(an_action, settings):
    settings.BRIDGE_URL = "https://kitsu.studio/bridge"
    action = an_action(name="Review")
    out = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("publish", dry_run=True, stdout=out)
    assert caught.value.code == 2
    assert "create  Review" in out.getvalue()
    call_command("publish", yes=True, stdout=out)
    assert there(action)["url"] == f"https://kitsu.studio/bridge/run/{action.slug}/"
    call_command("publish", dry_run=True, stdout=out)


def test_the_command_says_what_it_needs(db, settings):
    settings.BRIDGE_URL = ""
    with pytest.raises(CommandError, match="BRIDGE_URL"):
        call_command("publish")


def test_several_entity_types_become_all(an_action):
    assert button(an_action(entity_types=["shot", "asset"]), base_url("https://a"))["entity_type"] == "all"
