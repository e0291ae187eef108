"""Runs kinds without a database, in the sample studio or in a real Zou: a call, a report that collects, and hostile moments."""

from __future__ import annotations

import copy
import uuid
from datetime import UTC, datetime, timedelta

from actions.contract import Call, Selection
from actions.registry import kinds
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio


class Collected:
    """What a handler said. `moments`: what happens when so many tasks have their result."""

    def __init__(self, moments=None, stop_after=10**9):
        self.results, self.lines, self.steps = {}, [], []
        self._moments, self._stop_after = moments or {}, stop_after

    @property
    def cancelled(self):
        return len(self.results) >= self._stop_after

    def log(self, text, level):
        self.lines.append((level, text))

    def progress(self, done, total, text):
        self.steps.append((done, total))

    def result(self, task, state, message, data):
        self.results[task.id] = (state, message, dict(data))
        self._moments.pop(len(self.results), lambda: None)()

    def ids(self, state):
        """The tasks with this state."""
        return {task_id for task_id, (found, _, _) in self.results.items() if found == state}

    def words(self):
        """All messages, once each."""
        return {message for _, message, _ in self.results.values()}


class LosesAnswers:
    """A session whose line breaks after something was written: Kitsu has it, and nobody here hears of it."""

    WRITES = {
        "post_comment",
        "post_comments",
        "assign",
        "unassign",
        "set_priority",
        "update_task",
        "set_time_spent",
        "update_entity_data",
        "set_casting",
        "create_playlist",
        "add_to_playlist",
        "create_preview",
        "upload_preview",
        "set_main_preview",
    }

    def __init__(self, kitsu, after):
        self._kitsu, self._left = kitsu, after

    def __getattr__(self, name):
        found = getattr(self._kitsu, name)
        return self._breaking(found) if name in self.WRITES else found

    def _breaking(self, write):
        def written(*args, **kwargs):
            answer = write(*args, **kwargs)
            self._left -= 1
            if self._left == 0:
                raise KitsuSlow(may_be_written=True)
            return answer

        return written


def a_call(kitsu, ids, *, report=None, seen_through=lambda kitsu: kitsu, person="self", **more):
    """A call of the person of a session, about these tasks as that person sees them."""
    person = Person.from_record(kitsu.whoami()) if person == "self" else person
    return Call("i", person, True, Selection(tuple(ids)), resolve(kitsu, ids), seen_through(kitsu),
                report or Collected(), "https://kitsu.studio", **more)  # fmt: skip


def run(kind, kitsu, ids, *, report=None, seen_through=lambda kitsu: kitsu, more=None, **parameters):
    """Runs a kind; its outcome, and what it said."""
    report = report or Collected()
    call = a_call(kitsu, ids, report=report, seen_through=seen_through, **(more or {}))
    return kinds()[kind].run(call, **parameters), report


def plan(kind, kitsu, ids, *, more=None, **parameters):
    """Its preview."""
    return kinds()[kind].preview(a_call(kitsu, ids, **(more or {})), **parameters)


def a_retry(report, since=None):
    """What a call knows when what is not done is tried again."""
    return {"done_before": frozenset(report.ids("done") | report.ids("skipped")),
            "tried_since": since or datetime.now(UTC) - timedelta(days=365)}  # fmt: skip


def many_tasks(studio, count, project=None):
    """So many tasks of one production of the sample studio, made from those that it has."""
    tables = studio.tables
    project = project or next(iter(tables.projects))
    rows = [row for row in tables.tasks.values() if row["project_id"] == project]
    while len(rows) < count:
        row = copy.deepcopy(rows[len(rows) % 97])
        row["id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"one more task {len(rows)}"))
        tables.tasks[row["id"]] = row
        rows.append(row)
    return [row["id"] for row in rows[:count]]


class Sample:
    """A sample studio of its own, with its people and a production that has all sorts of tasks."""

    def __init__(self):
        self.studio = SampleStudio()
        self.tables = self.studio.tables

    def session(self, name="hana"):
        return self.studio.session(self.studio.log_in(f"{name}@sample.studio", "any"))

    def person(self, name):
        return next(row["id"] for row in self.tables.persons.values() if row["email"] == f"{name}@sample.studio")

    def status(self, short):
        return next(row["id"] for row in self.tables.task_statuses.values() if row["short_name"] == short)

    def tasks(self, count, *, project="The Lantern Keeper", task_type="Animation", **fields):
        """Rows of tasks that may be changed; `fields` are set in them."""
        project_id = next(key for key, row in self.tables.projects.items() if row["name"].startswith(project))
        type_id = next(key for key, row in self.tables.task_types.items() if row["name"] == task_type)
        rows = [
            row
            for row in self.tables.tasks.values()
            if (row["project_id"], row["task_type_id"]) == (project_id, type_id)
        ]
        for row in rows[:count]:
            row.update(fields)
        return rows[:count]
