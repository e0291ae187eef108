"""Handlers of the studio's own: registered as in Jet's guide, from a file of its folder."""

from __future__ import annotations

import pytest

from actions.jet import add_message_handler
from actions.jet.handlers import handler_of
from actions.registry import kinds
from audit.models import Invocation
from audit.states import Door, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_handlers")]

STUDIO = """
from django.core.exceptions import PermissionDenied, ValidationError

from actions.jet import add_message_handler


def get_action_list(name, params):
    return [
        {"name": "rebuild", "common_action": {}},
        {"name": "count", "model_action": {"model": "task", "for_instance": False, "bulk": False}},
        {"name": "debug", "common_action": {}},
        {
            "name": "mark",
            "model_action": {"model": "task", "for_instance": True, "bulk": True},
            "params": [
                {"name": "title", "field": "CharField", "required": True},
                {"name": "on", "field": "DateField"},
                {"name": "more", "field": "JSONField"},
            ],
        },
    ]


def execute_action(name, params, asking):
    if params["name"] == "rebuild":
        raise PermissionDenied("Not by you.")
    if params["name"] == "count":
        raise ValidationError({"model": "Too many."})
    entered = asking.run("debug", params["ids"])
    return {"result": entered.problem is None, "title": params["params"]["title"], "by": asking.person.email}


add_message_handler("get_action_list", get_action_list)
add_message_handler("execute_action", execute_action)
add_message_handler("get_field_options", lambda name, params: [{"name": "A", "value": params["model"]}])
"""


@pytest.fixture
def of_the_studio(kinds_folder):
    return kinds_folder("for_jet", STUDIO)


def test_it_works(jet, of_the_studio, an_action, sample_task_ids):
    an_action()
    listed = jet("get_action_list").json()
    assert [one["name"] for one in listed] == ["debug", "rebuild", "count", "mark"]
    answer = jet("execute_action", {"name": "mark", "ids": sample_task_ids(1), "params": {"title": "x"}})
    assert answer.json() == {"result": True, "title": "x", "by": "ada@sample.studio"}
    assert jet("get_field_options", {"model": "task"}).json() == [{"name": "A", "value": "task"}]


def test_what_it_runs_goes_through_the_line(jet, of_the_studio, an_action, sample_task_ids):
    an_action(roles=["client"])
    answer = jet("execute_action", {"name": "mark", "ids": sample_task_ids(1), "params": {"title": "x"}})
    assert answer.json()["result"] is False
    invocation = Invocation.objects.get()
    assert (invocation.door, invocation.state, invocation.reason_code) == (Door.JET, State.REFUSED, "role")


def test_its_file_is_no_broken_kind(of_the_studio):
    assert "for_jet" not in kinds()
    assert handler_of("execute_action") is not None


def test_a_handler_goes_with_its_file(of_the_studio):
    kinds()
    of_the_studio.unlink()
    kinds.cache_clear()
    kinds()
    assert handler_of("execute_action") is None


def test_an_action_of_the_bridge_is_never_the_studios(jet, of_the_studio, an_action, sample_task_ids):
    an_action()
    answer = jet("execute_action", {"name": "debug", "model": "task", "ids": sample_task_ids(1)})
    assert answer.json()["state"] == State.QUEUED


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, {"title": ["this field is required"]}),
        ({"title": "x", "on": "soon"}, {"on": ["Enter a valid date."]}),
    ],
)
def test_it_refuses_parameters_that_are_not_as_declared(jet, of_the_studio, sent, wrong):
    answer = jet("execute_action", {"name": "mark", "ids": [], "params": sent})
    assert (answer.status_code, answer.json()) == (400, wrong)
    assert not Invocation.objects.exists()


def test_it_refuses_as_it_likes(jet, of_the_studio):
    assert jet("execute_action", {"name": "rebuild", "params": {}}).status_code == 403
    answer = jet("execute_action", {"name": "count", "model": "task"})
    assert (answer.status_code, answer.json()) == (400, {"model": ["Too many."]})


def test_a_broken_list_takes_nothing_but_itself_down(jet, an_action):
    add_message_handler("get_action_list", lambda name, params: {"no": "list"})
    an_action()
    assert [one["name"] for one in jet("get_action_list").json()] == ["debug"]


def test_a_narrow_token_is_not_for_the_studios_handlers(jet, of_the_studio, a_secret, an_action):
    an_action()
    narrow = a_secret(action_slugs=["debug"])
    assert [one["name"] for one in jet("get_action_list", secret=narrow).json()] == ["debug"]
    for message, params in (("execute_action", {"name": "rebuild"}), ("get_field_options", {"model": "task"})):
        assert jet(message, params, secret=narrow).status_code == 403


def test_it_refuses_what_is_no_handler():
    with pytest.raises(TypeError):
        add_message_handler("execute_action", None)
    with pytest.raises(TypeError):
        add_message_handler("", print)
