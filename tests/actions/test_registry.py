from __future__ import annotations

import pytest

from actions import handlers, registry
from actions.checks import kinds_can_be_read
from actions.first_actions import FIRST, create_first_actions
from actions.history import delete_action, history_of, save_action
from actions.models import Action
from actions.quality import checks
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


BEGIN = "from actions.contract import *\nfrom actions.registry import handler\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def run(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import sys\nsys.exit('enough')", "SystemExit: enough"),
        ("import no_such_library", "No module named 'no_such_library'"),
        ("x = 1", "It has no handler"),
        ("from actions.handlers.debug import run", "It has no handler"),
        (
            "@handler(title='A')\ndef run(call): ...\n@handler(title='B')\ndef again(call): ...",
            "several handlers, `run` and `again`",
        ),
        ("@handler(title='A')\ndef run(call, *, name): ...", "`name` has no type hint"),
        ("@handler(title='A')\ndef run(call, *, name: 'Nothing'): ...", "name 'Nothing' is not defined"),
        ("@handler(title='A')\ndef run(call, *, what: complex): ...", "`what` has the type"),
        ("@handler(title='A')\ndef run(call, *, what: str = object()): ...", "no form can show"),
        ("@handler(title='A')\ndef run(call, name: str): ...", "stands after the star"),
        ("@handler(title='A')\ndef run(call, **more): ...", "cannot be called"),
        ("@handler(title='A')\ndef run(): ...", "cannot be called"),
        ("@handler(title='A')\nasync def run(call): ...", "async"),
        ("@handler\ndef run(call): ...", "TypeError"),
        ("@handler(title='A')\ndef run(call, options: dict): ...", "must be a dataclass"),
        ("@handler(title='A')\ndef run(call, *, a: str): ...\ndef preview(call): ...", "they differ in `a`"),
        ("@handler(title='A')\ndef run(call, *, a: str): ...\ndef preview(call, b, **_): ...", "they differ in `b`"),
    ],
)
def test_a_broken_file_of_the_studio_says_what_is_wrong(kinds_folder, text, words):
    kinds_folder("broken", BEGIN + text)
    kinds_folder("greet")
    found = registry.kinds()
    assert words in found["broken"].error
    assert found["broken"].complaint
    assert found["broken"].run is None
    assert found["greet"].run


def test_a_preview_may_take_what_it_does_not_need_together(kinds_folder):
    text = "@handler(title='A')\ndef run(call, *, a: str, b: str): ...\ndef preview(call, *, a, **_): ..."
    kinds_folder("whole", BEGIN + text)
    assert registry.kinds()["whole"].error == ""


def test_two_that_hold_on_to_each_other_are_broken_and_nothing_else(kinds_folder):
    kinds_folder("first", BEGIN + "from .second import run_second\n")
    kinds_folder("second", BEGIN + "from .first import run_first\n")
    assert all("ImportError" in registry.kinds()[name].error for name in ("first", "second"))


@pytest.mark.parametrize("name", ["my-kind", "Greet", "class", "1st", "ünder"])
def test_a_file_that_cannot_be_a_kind_by_its_name_says_so(kinds_folder, name):
    kinds_folder(name)
    assert "cannot be the name of a kind" in registry.kinds()[name].error


@pytest.mark.django_db
def test_first_actions_are_created_once():
    assert create_first_actions() == len(FIRST)
    assert create_first_actions() == 0
    for action in Action.objects.all():
        action.full_clean()
    assert Event.objects.filter(what=Happened.ACTION_CREATED).count() == len(FIRST)


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


CHECKS = """
from actions.quality import check

@check(title="Wrong name")
def wrong_name(task, facts):
    "Names are short."
    return "Too long." if len(task.entity.name) > 6 else ""
"""


def test_a_file_of_quality_checks_is_no_kind(kinds_folder):
    kinds_folder("of_names", CHECKS)
    assert "of_names" not in registry.kinds()
    assert checks()["wrong_name"].title == "Wrong name"


def test_a_file_may_hold_a_kind_and_checks(kinds_folder):
    kinds_folder("of_names", CHECKS + BEGIN + "@handler(title='A')\ndef run(call): ...\n")
    assert registry.kinds()["of_names"].run
    assert "wrong_name" in checks()


def test_checks_go_with_their_file_and_ours_come_back(kinds_folder):
    ours = checks()["overdue"]
    path = kinds_folder("of_names", CHECKS.replace("def wrong_name", "def overdue"))
    registry.kinds()
    assert checks()["overdue"].title == "Wrong name"
    path.unlink()
    registry.kinds.cache_clear()
    registry.kinds()
    assert checks()["overdue"] is ours


def test_a_broken_check_file_says_what_is_wrong(kinds_folder):
    kinds_folder("of_names", CHECKS.replace('title="Wrong name"', ""))
    assert "title" in registry.kinds()["of_names"].complaint
