"""Builds jobs, checked by what the Manager said of their type: for the preview and for the run alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.clients.flamenco import About, Flamenco, JobType
from actions.clients.flamenco.frames import count_of
from actions.contract import ActionError, Call
from actions.doing.rendering import Job, frames_of, one_line, same_for_all
from actions.filling import fill, fill_json, of_task
from actions.handlers.flamenco.options import Options
from actions.handlers.flamenco.paths import check_paths, check_there, plain
from actions.handlers.flamenco.worked_out import Work, worked_out
from kitsu_bridge.kitsu.tasks import Task

FRAMES = "frames"
"""The setting of every job type that goes by frames (`frameChunker(settings.frames, ...)` in Flamenco's manual)."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What the Manager said of itself, once for a call."""

    about: About
    kind: JobType
    tag_id: str


def known_of(manager: Flamenco, options: Options) -> Known:
    """Ask it. Raises the farm's errors where there is no such Manager, job type or tag."""
    about = manager.about()
    return Known(about, manager.job_type(options.job_type), manager.tag_id(options.tag) if options.tag else "")


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the job for some tasks. `frames` and `priority` are the person's own."""

    call: Call
    options: Options
    known: Known
    frames: str = ""
    priority: int | None = None

    def __call__(self, tasks: Sequence[Task]) -> Job:
        """Raises `ActionError` for tasks that cannot share a job, and for settings that the job type cannot do with."""
        name = self._name(tasks)
        settings = same_for_all([self._settings(task, name) for task in tasks])
        return Job(name, self._said(name, settings), self._content(name, settings, tasks))

    def _name(self, tasks: Sequence[Task]) -> str:
        name = one_line(fill(self.options.job_name, of_task(self.call, tasks[0])))[:LONGEST_NAME]
        return name if len(tasks) == 1 else f"{name} and {len(tasks) - 1:,} more"

    def _settings(self, task: Task, name: str) -> dict[str, Any]:
        kind, options = self.known.kind, self.options
        given = kind.read(self._given(task))
        given = worked_out(kind, Work(kind.completed(given), task, name, options.scene_key))
        settings = {key: options.path_map(value) for key, value in given.items()}
        if wrong := list(kind.problems(settings)):
            raise ActionError(" ".join(wrong))
        check_paths(kind, settings, options.scene_key, options.platform)
        return settings

    def _given(self, task: Task) -> dict[str, Any]:
        """What the action and the person say: the settings, the scene file and the frames."""
        variables = of_task(self.call, task)
        given: dict[str, Any] = fill_json(self.options.settings, variables, plain)
        if self.options.scene:
            given[self.options.scene_key] = fill(self.options.scene, variables, plain)
            if self.options.scene_is_seen:
                check_there(given[self.options.scene_key])
        if self.known.kind[FRAMES] is not None:
            if self.frames or FRAMES not in given:
                given[FRAMES] = frames_of(self.call, task, self.frames or self.options.frames)
            count_of(str(given[FRAMES]))
        elif self.frames:
            raise ActionError(f"Jobs of the type {self.known.kind.name} have no frames: leave them empty.")
        return given

    def _content(self, name: str, settings: dict[str, Any], tasks: Sequence[Task]) -> dict[str, Any]:
        options, known = self.options, self.known
        content = {
            "name": name,
            "type": known.kind.name,
            "type_etag": known.kind.etag,
            "priority": options.priority if self.priority is None else self.priority,
            "submitter_platform": options.platform,
            "settings": settings,
            "metadata": self._metadata(tasks),
        }
        content |= {"worker_tag": known.tag_id} if known.tag_id else {}
        return content | ({"initial_status": "paused"} if options.paused else {})

    def _metadata(self, tasks: Sequence[Task]) -> dict[str, str]:
        """Texts only: the Manager takes nothing else there. Its pages show them."""
        person = self.call.person
        found = {
            "project": tasks[0].project.name,
            "user.name": person.name if person else "",
            "user.email": person.email if person else "",
            "kitsu.invocation": self.call.about.id or self.call.invocation_id,
            "kitsu.task": tasks[0].id if len(tasks) == 1 else "",
        }
        return {key: value for key, value in found.items() if value}

    def _said(self, name: str, settings: dict[str, Any]) -> str:
        scene, frames = settings.get(self.options.scene_key), settings.get(FRAMES)
        parts = [str(scene)] if scene else []
        parts += [f"frames {frames} ({count_of(str(frames)):,})"] if self.known.kind[FRAMES] is not None else []
        parts += ["paused at first"] if self.options.paused else []
        return f"“{name}”, {self.known.kind.name}{': ' if parts else ''}{', '.join(parts)}."
