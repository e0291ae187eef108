"""Calls on the sample studio, with nothing behind them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.contract import About, Call, Selection
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio


class Silent:
    cancelled = False

    def log(self, text, level): ...
    def progress(self, done, total, text): ...
    def result(self, task, state, message, data): ...


@pytest.fixture(scope="session")
def studio():
    return SampleStudio()


@pytest.fixture
def a_call(studio):
    """`a_call("Shot", 3)`: a call by ada on the first three tasks on shots; `where` picks among their resolved forms."""

    def make(kind="Shot", count=1, *, where=lambda task: True, about=None, name="ada", **fields):
        kitsu = studio.session(studio.log_in(f"{name}@sample.studio", "any"))
        bot = studio.bot()
        types = {row["id"] for row in bot.task_types() if row["for_entity"] == kind}
        rows = [row for one in bot.projects() for row in bot.project_tasks(one["id"]) if row["task_type_id"] in types]
        found = [task for task in resolve(kitsu, [row["id"] for row in rows]) if where(task)][:count]
        ids = tuple(task.id for task in found)
        person = Person.from_record(kitsu.whoami())
        about = about or About("i", "https://bridge/invocations/i/", "Review")
        call = Call(
            "i", person, True, Selection(ids), resolve(kitsu, ids), kitsu, Silent(), "https://kitsu", about=about
        )
        call._read["now"] = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
        return call

    return make
