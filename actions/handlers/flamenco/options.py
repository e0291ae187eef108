"""What an administrator sets of Flamenco: which Manager, which job type, and what it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from actions.clients.flamenco import address_of
from actions.contract import ActionError, Field, SecretName
from actions.doing.rendering import OnceFor
from actions.farms.contract import TellsKitsu
from actions.filling import problems
from actions.handlers.flamenco.paths import PathMap

PLATFORMS = (("linux", "Linux"), ("windows", "Windows"), ("darwin", "macOS"), ("manager", "As the Manager's"))
EACH = (("task", "Each task"), ("selection", "The whole selection"))


@dataclass(frozen=True, kw_only=True)
class Options(TellsKitsu):
    """Which Manager, and what its jobs are."""

    url: Annotated[str, Field(label="Manager", placeholder="http://flamenco.local:8080")]
    proxy_login: Annotated[
        SecretName | None,
        Field(
            label="Login of a proxy", help="Where one stands before the Manager: the secret that holds name:password."
        ),
    ] = None
    job_type: Annotated[
        str, Field(help="As the Manager calls it. When the action is saved, the Manager is asked whether it has it.")
    ] = "simple-blender-render"
    scene: Annotated[
        str,
        Field(
            label="Scene file", template="text", help="Its whole path. Empty for job types that take none.",
            placeholder="/proj/{project_name|path}/{sequence_name|path}/{entity_name|path}.blend",
        ),
    ] = ""  # fmt: skip
    scene_key: Annotated[str, Field(label="Name of the scene file among the settings")] = "blendfile"
    frames: Annotated[
        str, Field(template="text", help="Such as 1001-1100. Empty: from the shot. Only where the job type has frames.")
    ] = ""
    settings: Annotated[
        str,
        Field(
            label="Further settings",
            long=True,
            syntax="json",
            template="json",
            help=(
                "An object of JSON: settings of the job type that have no field of their own, and numbers or choices that "
                'depend on the task, such as {"fps": "{fps}"}. What Flamenco itself replaces has two braces: {{jobs}}, '
                "{{timestamp}}."
            ),
            placeholder='{"render_output_root": "/proj/render", "chunk_size": 5}',
        ),
    ] = "{}"
    job_name: Annotated[str, Field(label="Name of a job", template="text")] = "{project_name} / {task_name}"
    priority: Annotated[int, Field(least=0, most=100)] = 50
    tag: Annotated[str, Field(label="Worker tag", help="Its name. Empty: all workers.")] = ""
    platform: Annotated[
        Literal["linux", "windows", "darwin", "manager"],
        Field(label="Paths are of", choices=PLATFORMS, help="Flamenco turns them into those of its other systems."),
    ] = "linux"
    paths: Annotated[
        str,
        Field(
            label="Other paths on the farm",
            long=True,
            help="Beginnings of paths, one a line: /mnt/proj = P:/proj. The longest that fits is replaced.",
        ),
    ] = ""
    scene_is_seen: Annotated[
        bool,
        Field(
            label="Refuse scene files that are not there",
            help="Where the bridge's worker sees the storage, under the path before it is replaced.",
        ),
    ] = False
    paused: Annotated[bool, Field(label="Paused at first", help="Somebody lets the jobs run in Flamenco.")] = False
    once_for: Annotated[OnceFor, Field(label="One job for", choices=EACH)] = "task"
    type_seen: Annotated[
        str,
        Field(
            label="Job type as it was seen",
            hidden=True,
            help="Its name and etag when the action was saved in the form, so that a change on the Manager is told.",
        ),
    ] = ""

    def __post_init__(self) -> None:
        """Raises `ActionError` for what no job can be made of, when the action is saved and again when it runs."""
        address_of(self.url)
        self.path_map  # noqa: B018 - asked for its error
        if wrong := problems(self.settings, "json"):
            raise ActionError(f"The settings: {' '.join(wrong)}")
        if not isinstance(json.loads(self.settings), dict):
            raise ActionError('The settings are a JSON object: {"render_output_root": "/proj/render"}.')

    @cached_property
    def path_map(self) -> PathMap:
        """What paths become on the farm."""
        return PathMap.of(self.paths)

    @property
    def template(self) -> dict[str, Any]:
        """The settings before they are filled."""
        found: dict[str, Any] = json.loads(self.settings)
        return found
