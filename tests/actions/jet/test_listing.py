"""`get_action_list`: what a token may be for, in Jet's form."""

from __future__ import annotations

import pytest

from actions.models import Action

pytestmark = pytest.mark.django_db


def names(answer):
    return [one["name"] for one in answer.json()]


def test_it_works(jet, an_action):
    an_action("comment", "note", name="Write a note")
    answer = jet("get_action_list")
    assert answer.status_code == 200
    (one,) = answer.json()
    assert (one["name"], one["verbose_name"]) == ("note", "Write a note")
    models = ["task", "tasks", "entity", "entities"]
    assert one["model_action"] == {"model": models, "for_instance": True, "bulk": True}
    assert {param["name"] for param in one["params"]} >= {"text"}


def test_every_kind_can_be_listed(jet):
    from actions.registry import kinds

    for place, name in enumerate(kinds()):
        Action.objects.create(name=name, slug=name.replace("_", "-"), kind=name, order=place)
    listed = jet("get_action_list").json()
    assert len(listed) == len(kinds())
    assert all({"name", "field", "required", "verbose_name"} <= set(param) for one in listed for param in one["params"])


def test_it_lists_only_what_the_token_and_its_person_may(jet, an_action, a_secret):
    an_action(slug="all")
    an_action(slug="off", enabled=False)
    an_action(slug="clients", roles=["client"])
    an_action(slug="other")
    assert names(jet("get_action_list")) == ["all", "other"]
    assert names(jet("get_action_list", secret=a_secret(action_slugs=["other", "clients"]))) == ["other"]
    assert names(jet("get_action_list", secret=a_secret("clara@sample.studio"))) == ["all", "clients", "other"]


def test_what_the_studio_manager_has_fixed_is_not_asked(jet, an_action):
    an_action("comment", values={"text": "Hello"}, fixed=["text"])
    assert "text" not in [param["name"] for param in jet("get_action_list").json()[0]["params"]]


def test_models_have_the_names_that_jet_knows_them_by(jet, an_action, settings):
    settings.JET_TASK_MODELS, settings.JET_ENTITY_MODELS = ["zou_tasks"], ["shots"]
    an_action()
    assert jet("get_action_list").json()[0]["model_action"]["model"] == ["zou_tasks", "shots"]


@pytest.mark.parametrize("fields", [{"confirm_first": True}, {"type_count_above": 5}, {"approvers": ["managers"]}])
def test_what_asks_first_asks_for_a_yes(jet, an_action, fields):
    an_action(**fields)
    assert jet("get_action_list").json()[0]["params"][-1]["name"] == "confirmed"


def test_hostile_names_are_data(jet, an_action):
    an_action(name='<script>“&"</script>')
    assert jet("get_action_list").json()[0]["verbose_name"] == '<script>“&"</script>'
