from __future__ import annotations

import pytest

from actions import handlers
from actions.models import Action
from actions.registry import kinds
from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.studio import studio
from tests.actions.celery_worker import with_test_kinds


@pytest.fixture
def test_kinds():
    """The kinds of `tests/actions/sample_kinds/` beside the real ones."""
    before = list(handlers.__path__)
    with_test_kinds()
    yield
    handlers.__path__[:] = before
    kinds.cache_clear()


GREETS = """
from actions.contract import Call, Outcome
from actions.registry import handler

@handler(title="Greet")
def run(call: Call, *, word: str = "Hello") -> Outcome:
    for task in call.tasks:
        call.task_done(task, word)
    return Outcome(f"{word}, {len(call.tasks)} tasks.")
"""


@pytest.fixture
def kinds_folder(tmp_path, settings):
    """A studio's folder of kinds: `kinds_folder("greet")` writes one that works, `kinds_folder("x", text)` another."""
    settings.KINDS_FOLDER = str(tmp_path)
    kinds.cache_clear()

    def write(name, text=GREETS):
        (tmp_path / f"{name}.py").write_text(text)
        kinds.cache_clear()
        return tmp_path / f"{name}.py"

    yield write
    settings.KINDS_FOLDER = ""
    kinds.cache_clear()


@pytest.fixture
def an_action(db):
    """Makes an action: `an_action("slow", options={...}, trust=...)`."""

    def make(kind="debug", slug=None, **fields):
        slug = slug or kind.replace("_", "-")
        return Action.objects.create(**({"name": slug.title(), "slug": slug, "kind": kind} | fields))

    return make


@pytest.fixture
def sample_task_ids():
    """Ids of tasks of one production of the sample studio: `sample_task_ids(3)`."""

    def first(count):
        bot = studio().bot()
        project = bot.projects()[0]
        return [row["id"] for row in bot.project_tasks(project["id"])[:count]]

    return first


@pytest.fixture
def sample_person():
    """A person of the sample studio by role: the row as Kitsu gives it."""

    def first(role="admin"):
        return next(
            row
            for row in studio().people()
            if row["role"] == role and row.get("active", True) and not row.get("is_bot")
        )

    return first


@pytest.fixture
def a_queued_invocation(db, sample_task_ids, sample_person):
    """An invocation as the line leaves it: proven, authorized, queued, and not yet handed to a broker."""

    def make(action, count=3, *, person=None, task_ids=None, **fields):
        from kitsu_bridge.kitsu.people import Person

        invocation = Invocation(
            door=Door.FORM,
            state=State.QUEUED,
            action_slug=action.slug,
            action_name=action.name,
            kind=action.kind,
            options=action.options,
            definition=action.definition(),
            version=action.version,
            queue=action.queue_name,
            task_ids=task_ids or sample_task_ids(count),
            understood={},
            **fields,
        )
        invocation.task_count = len(invocation.task_ids)
        invocation.set_person(Person.from_record(person or sample_person()), Trust.PROVEN)
        invocation.save()
        return invocation

    return make
