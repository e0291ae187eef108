from __future__ import annotations

import pytest

from actions import handlers, registry
from actions.checks import kinds_can_be_read
from actions.first_actions import create_first_actions
from actions.history import delete_action, history_of, save_action
from actions.models import Action
from audit.models import Event
from audit.states import Happened


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of kinds, read by the registry."""
    monkeypatch.setattr(handlers, "__path__", [str(tmp_path)])
    registry.kinds.cache_clear()
    yield tmp_path
    registry.kinds.cache_clear()


def test_it_works():
    debug = registry.kinds()["debug"]
    assert (debug.title, debug.error, debug.options) == ("Debug view", "", ())
    assert debug.description.startswith("Show everything")


def test_a_broken_file_takes_nothing_down_and_says_so(folder):
    (folder / "kind_that_is_broken.py").write_text("def run(:\n")
    (folder / "kind_without_handler.py").write_text("x = 1\n")
    found = registry.kinds()
    assert "SyntaxError" in found["kind_that_is_broken"].error
    assert found["kind_without_handler"].error
    assert {message.id for message in kinds_can_be_read()} == {"actions.W001"}


@pytest.mark.django_db
def test_first_actions_are_created_once():
    assert create_first_actions() == 3
    assert create_first_actions() == 0
    for action in Action.objects.all():
        action.full_clean()
    assert Event.objects.filter(what=Happened.ACTION_CREATED).count() == 3


@pytest.mark.django_db
def test_the_history_outlives_the_action():
    action = Action(name="Review", slug="review", kind="debug")
    assert save_action(action, None)
    assert not save_action(action, None)
    action.name = "Look"
    assert save_action(action, None)
    delete_action(Action.objects.get(), None)
    whats = [event.what for event in history_of(action)]
    assert whats == [Happened.ACTION_DELETED, Happened.ACTION_CHANGED, Happened.ACTION_CREATED]
