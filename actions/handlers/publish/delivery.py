"""Which file a task gets: the one that was given, or what lies on the shared storage for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from actions.clients.storage import find_file
from actions.contract import ActionError, Call, Field, File
from actions.doing.rights import rights_of
from actions.filling import fill, of_task
from kitsu_bridge.kitsu.media import MOVIES, PICTURES, STORED_AS
from kitsu_bridge.kitsu.tasks import Task

MB = 1024 * 1024

NOT_YOURS = "Kitsu lets managers, the department's supervisors and whoever is assigned publish to a task."
PATH = "/mnt/projects/{project_name|path}/{sequence_name|path}/{entity_name|path}/{entity_name|path}_v*.mov"
PATH_HELP = (
    "For publishing from the shared storage; empty: the person gives the file. One star in the file's name stands for "
    "anything, and the last version is taken. Add |path to names that may have slashes."
)


@dataclass(frozen=True)
class Options:
    """What an administrator sets once."""

    path: Annotated[str, Field(label="Where the files lie", template="text", help=PATH_HELP, placeholder=PATH)] = ""
    largest: Annotated[int, Field(label="Largest file", unit="MB", least=1, most=10_000)] = 2000
    main: Annotated[bool, Field(label="Thumbnail", help="It becomes the picture of its shot or asset.")] = False
    again: Annotated[
        bool, Field(label="Publish again", help="Also a file that is the task's last revision already.")
    ] = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the administrator set and the person gave."""

    options: Options
    file: File | None
    comment: str
    status: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file to publish, under the name that people know it by."""

    path: Path
    name: str
    size: int

    @property
    def said(self) -> str:
        """`SH0010_v012.mov, 12.3 MB`."""
        return f"{self.name}, {self.size / MB:,.1f} MB" if self.size >= MB / 10 else f"{self.name}, {self.size:,} bytes"


def delivery_of(call: Call, wish: Wish, task: Task) -> Delivery:
    """The file for a task. Raises `ActionError` where there is none, or the person may not publish."""
    rights = rights_of(call)
    if rights and not rights.acts_on(task.record, task.entity.record.get("created_by")):
        raise ActionError(NOT_YOURS)
    if wish.file is not None:
        found = Delivery(wish.file.path, Path(wish.file.name).name, wish.file.size)
    else:
        path, size = _found(call, wish.options.path, task)
        found = Delivery(path, path.name, size)
    _check(found, wish.options.largest)
    return found


def _found(call: Call, template: str, task: Task) -> tuple[Path, int]:
    """Filled part by part, so that no name in Kitsu can lead to another folder."""
    if not template.startswith("/"):
        raise ActionError("The action's path must begin with a slash.")
    variables = of_task(call, task)
    parts = [fill(part, variables) for part in template.split("/")[1:]]
    return find_file(call.desk.settings["PUBLISH_FOLDERS"], parts)


def _check(delivery: Delivery, largest: int) -> None:
    ending = delivery.name.rpartition(".")[2].lower()
    if ending not in STORED_AS:
        movies = ", ".join((*MOVIES, *PICTURES))
        raise ActionError(f"Kitsu takes no “.{ending[:20]}” as a preview. A movie or a picture is needed: {movies}.")
    if not delivery.size:
        raise ActionError(f"{delivery.name} is empty.")
    if delivery.size > largest * MB:
        raise ActionError(f"{delivery.said}: at most {largest:,} MB are taken.")
