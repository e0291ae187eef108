"""Calls on a sample studio, with nothing behind them."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.contract import About, Call, Selection
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve


class Kept:
    """What a handler said."""

    cancelled = False

    def __init__(self):
        self.results = {}

    def log(self, text, level): ...

    def progress(self, done, total, text): ...

    def result(self, task, state, message, data):
        self.results[task.id] = (state, message, dict(data))


class Settings:
    """A desk that has settings and nothing else."""

    def __init__(self, **settings):
        self.settings = settings


def call_on(studio, kind="Shot", count=1, *, where=lambda task: True, about=None, name="ada", **settings):
    """A call on the first tasks of a kind that fit; `name` calls."""
    kitsu = studio.session(studio.log_in(f"{name}@sample.studio", "any"))
    bot = studio.bot()
    types = {row["id"] for row in bot.task_types() if row["for_entity"] == kind}
    rows = [row for one in bot.projects() for row in bot.project_tasks(one["id"]) if row["task_type_id"] in types]
    found = [task for task in resolve(kitsu, [row["id"] for row in rows]) if where(task)][:count]
    ids = tuple(task.id for task in found)
    person = Person.from_record(kitsu.whoami())
    about = about or About("i", "https://bridge/invocations/i/", "Review")
    desk = Settings(**settings)
    call = Call("i", person, True, Selection(ids), resolve(kitsu, ids), kitsu, Kept(), "https://kitsu", desk, about)
    call._read["now"] = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    return call
