"""Calls a handler on the sample studio or a real Zou: what it says is collected, what it keeps stays in memory."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from actions.contract import About, Call, EmptyDesk, Kept, Selection
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.tasks import Resolution


class Collected:
    """What a handler said."""

    def __init__(self, stop_after=10**9):
        self.results, self.lines, self.steps, self._stop_after = {}, [], [], stop_after

    @property
    def cancelled(self):
        return len(self.results) + len(self.steps) >= self._stop_after

    def log(self, text, level):
        self.lines.append((level, text))

    def progress(self, done, total, text):
        self.steps.append((done, total))

    def result(self, task, state, message, data):
        self.results[task.id] = (state, message, dict(data))

    @property
    def states(self):
        return Counter(state for state, _, _ in self.results.values())


class Shelf(EmptyDesk):
    """A desk that keeps files in memory."""

    def __init__(self):
        self.files, self.types = {}, {}

    def keep(self, name, content, content_type):
        if isinstance(content, Path):
            content = content.read_bytes()
        self.files[name] = content if isinstance(content, bytes) else b"".join(content)
        self.types[name] = content_type
        return Kept(name, f"/invocations/i/files/{len(self.files)}", len(self.files[name]))


class Counting:
    """A Kitsu that counts what it is asked."""

    def __init__(self, kitsu):
        self._kitsu, self.asked = kitsu, Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self._kitsu, name)


def call_of(kitsu, tasks, *, proven=True, report=None, name="Export", kitsu_url="https://kitsu.studio"):
    """A call on these ids, or on tasks that are resolved already."""
    resolution = Resolution(tuple(tasks), ()) if tasks and not isinstance(tasks[0], str) else resolve(kitsu, tasks)
    row = kitsu.whoami()
    ids = tuple(task.id for task in resolution)
    return Call(
        "i",
        Person.from_record(row),
        proven,
        Selection(ids),
        resolution,
        kitsu,
        report or Collected(),
        kitsu_url,
        Shelf(),
        About("i", action_name=name),
    )
