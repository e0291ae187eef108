"""Calls a handler on the sample studio or a real Zou, whoever's session it is: `actions.testing` for both."""

from __future__ import annotations

from collections import Counter

from actions.contract import About, Call, Selection
from actions.testing import CollectedReport, MemoryDesk
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.tasks import Resolution


class Collected(CollectedReport):
    """What a handler said; the person stops it after so many results and steps."""

    def __init__(self, stop_after=10**9):
        super().__init__()
        self._all = stop_after

    @property
    def cancelled(self):
        return len(self.results) + len(self.steps) >= self._all

    @property
    def states(self):
        return Counter(result.state for result in self.results.values())


class Counting:
    """A Kitsu that counts what it is asked."""

    def __init__(self, kitsu):
        self._kitsu, self.asked = kitsu, Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self._kitsu, name)


def call_of(kitsu, tasks, *, report=None):
    """A call on these ids, or on tasks that are resolved already."""
    resolution = Resolution(tuple(tasks), ()) if tasks and not isinstance(tasks[0], str) else resolve(kitsu, tasks)
    return Call(
        "i",
        Person.from_record(kitsu.whoami()),
        True,
        Selection(tuple(task.id for task in resolution)),
        resolution,
        kitsu,
        report or Collected(),
        "https://kitsu.studio",
        MemoryDesk(),
        About("i", action_name="Export"),
    )
