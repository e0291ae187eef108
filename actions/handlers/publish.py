"""Upload a file as the next revision of the selected tasks' previews, with a comment.

The person gives the file of one task; or the file of each task is found on the shared storage, where the action says that it
lies, within the folders that the setting PUBLISH_FOLDERS names. A file that is the last revision already is not published
again. The comment ends with the file's name, size and checksum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from actions.changing import GONE, PERHAPS, written_since
from actions.clients.storage import checksum, find_file
from actions.contract import ActionError, Call, Field, File, LongText, Outcome, Plan, StatusId, Step
from actions.filling import fill, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, KitsuUnavailable, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.rights import Rights
from kitsu_bridge.kitsu.tasks import Task

CHUNK = 20
"""Tasks whose comments and previews are read in one go, shortly before they are published to."""

MB = 1024 * 1024

PICTURES = ("jpe", "jpeg", "jpg", "png")
MOVIES = ("avi", "m4v", "mkv", "mov", "mp4", "webm", "wmv")
OTHERS = (
    "ae", "ai", "blend", "clip", "comp", "diff", "exr", "fbx", "fla", "flv", "gif", "glb", "gltf", "hip", "kra", "ma", "mb",
    "md", "mp3", "obj", "pdf", "psd", "psb", "rar", "rev", "riv", "sai", "sai2", "sbbkp", "svg", "swf", "tvpp", "wav", "zip",
)  # fmt: skip
ENDINGS = (*PICTURES, *MOVIES, *OTHERS)
"""What Kitsu takes as a preview (zou/app/blueprints/previews/resources.py in Zou 1.0.97)."""

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


@dataclass(slots=True)
class Standing:
    """What stands at tasks in Kitsu, read before publishing to them: by the task's id."""

    tasks: dict[str, Record]
    comments: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    previews: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))


@handler(title="Publish a preview")
def run(
    call: Call,
    options: Options,
    *,
    file: Annotated[
        File | None,
        Field(
            label="File",
            help="A movie or a picture, for one task. Without it each task's file is looked for on the shared storage.",
            accept=tuple(f".{ending}" for ending in ENDINGS),
            largest=10_000 * MB,
        ),
    ] = None,
    comment: Annotated[LongText, Field(label="Comment")] = "",
    status: Annotated[StatusId | None, Field(label="Status", help="None: it stays as it is.")] = None,
) -> Outcome:
    """Task by task: find the file, comment, make the revision, upload."""
    wish = _wish(call, options, file, comment, status or "")
    published = 0
    for tasks in call.chunks(CHUNK, "Publishing"):
        standing = _standing(call, tasks)
        for task in tasks:
            call.stop_if_cancelled()
            published += _tried(call, wish, task, standing)
    what = "revision was" if published == 1 else "revisions were"
    return Outcome(f"{published:,} {what} published.")


def preview(
    call: Call, options: Options, *, file: File | None = None, comment: str = "", status: str | None = None
) -> Plan:
    """Which file each task would get, or why none."""
    wish = _wish(call, options, file, comment, status or "")
    steps = [_step(call, wish, task) for task in call.tasks]
    count = sum(not step.blocked for step in steps)
    return Plan(f"{count:,} of {len(steps):,} tasks get a new revision.", steps)


def _step(call: Call, wish: Wish, task: Task) -> Step:
    try:
        said = _delivery(call, wish, task).said
    except ActionError as error:
        return Step(task, str(error), blocked=True)
    return Step(task, said if wish.options.again else f"{said}, unless it is its last revision already")


def _wish(call: Call, options: Options, file: File | None, comment: str, status: str) -> Wish:
    if file is not None and len(call.tasks) > 1:
        raise ActionError(f"A file is for one task; {len(call.tasks):,} are selected.")
    if file is None and not options.path:
        raise ActionError("Choose a file.")
    if file is None and not call.desk.settings.get("PUBLISH_FOLDERS"):
        raise ActionError("Nothing may be published from the shared storage: PUBLISH_FOLDERS is not set.")
    return Wish(options, file, comment, status)


def _delivery(call: Call, wish: Wish, task: Task) -> Delivery:
    """The file for a task. Raises `ActionError` where there is none, or the person may not publish."""
    rights = Rights.of(call.person, call.tasks) if call.person else None
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
    if ending not in ENDINGS:
        movies = ", ".join((*MOVIES, *PICTURES))
        raise ActionError(f"Kitsu takes no “.{ending[:20]}” as a preview. A movie or a picture is needed: {movies}.")
    if not delivery.size:
        raise ActionError(f"{delivery.name} is empty.")
    if delivery.size > largest * MB:
        raise ActionError(f"{delivery.said}: at most {largest:,} MB are taken.")


def _standing(call: Call, tasks: Sequence[Task]) -> Standing:
    ids = [task.id for task in tasks]
    found = Standing({row["id"]: row for row in call.kitsu.tasks(ids)})
    for row in call.kitsu.comments(list(found.tasks)):
        found.comments[row["object_id"]].append(row)
    for row in call.kitsu.task_previews(list(found.tasks)):
        found.previews[row["task_id"]].append(row)
    return found


def _tried(call: Call, wish: Wish, task: Task, standing: Standing) -> bool:
    """Publish to one task and tell what became of it; whether there is a new revision."""
    try:
        return _publish(call, wish, task, standing)
    except (ActionError, KitsuForbids, KitsuRefuses, NotInKitsu, TooLarge) as error:
        call.task_failed(task, str(error))
    except KitsuUnavailable:
        call.task_failed(task, PERHAPS)
        raise
    return False


def _publish(call: Call, wish: Wish, task: Task, standing: Standing) -> bool:
    if task.id not in standing.tasks:
        raise ActionError(GONE)
    delivery = _delivery(call, wish, task)
    digest = checksum(delivery.path, call.stop_if_cancelled)
    stamp = f"{delivery.name}, {delivery.size:,} bytes, SHA-256 {digest[:16]}"
    earlier = _earlier(call, standing, task, stamp)
    stands = earlier.uploaded and (earlier.ours or (earlier.last and not wish.options.again))
    preview = earlier.preview if stands else _new(call, wish, task, standing, stamp, earlier, delivery)
    if wish.options.main and (earlier.ours or not stands):
        _set_main(call, task, preview)
    _tell(call, task, delivery, preview, digest, new=not stands)
    return not stands


@dataclass(frozen=True, slots=True)
class Earlier:
    """What names this very file at a task already: a comment, and its preview; empty where nothing does.

    `ours`: an earlier attempt of this call wrote it. `last`: it is the task's last revision.
    """

    comment: Record = field(default_factory=dict)
    preview: Record = field(default_factory=dict)
    ours: bool = False
    last: bool = False

    @property
    def uploaded(self) -> bool:
        """Whether the preview has its file: Zou keeps the file's name then."""
        return bool(self.preview.get("original_name"))


def _earlier(call: Call, standing: Standing, task: Task, stamp: str) -> Earlier:
    rows = {row["id"]: row for row in standing.previews[task.id]}
    newest = max((row["revision"] for row in rows.values()), default=0)
    named = [row for row in standing.comments[task.id] if stamp in (row.get("text") or "")]
    if not named:
        return Earlier()
    comment = max(named, key=lambda row: str(row["created_at"]))
    ids = [one["id"] if isinstance(one, dict) else one for one in comment.get("previews") or ()]
    preview = next((rows[one] for one in ids if one in rows), {})
    return Earlier(comment, preview, written_since(call, comment["created_at"]), preview.get("revision") == newest)


def _new(
    call: Call, wish: Wish, task: Task, standing: Standing, stamp: str, earlier: Earlier, delivery: Delivery
) -> Record:
    """A revision with the file, from where an earlier attempt of this call left off."""
    comment = earlier.comment if earlier.ours else _comment(call, wish, task, standing, stamp)
    preview = (earlier.ours and earlier.preview) or call.kitsu.create_preview(task.id, comment["id"])
    _upload(call, preview, delivery)
    return preview


def _comment(call: Call, wish: Wish, task: Task, standing: Standing, stamp: str) -> Record:
    draft = {
        "object_id": task.id,
        "project_id": task.project.id,
        "task_status_id": wish.status or standing.tasks[task.id]["task_status_id"],
        "comment": f"{wish.comment.strip()}\n\n{stamp}".strip(),
    }
    return call.kitsu.post_comment(draft)


def _upload(call: Call, preview: Record, delivery: Delivery) -> None:
    with _named(delivery) as path:
        try:
            call.kitsu.upload_preview(preview["id"], path)
        except OSError as error:
            raise ActionError(f"{delivery.name} cannot be read: {error.strerror}.") from None


@contextmanager
def _named(delivery: Delivery) -> Iterator[Path]:
    """The file under its name: Zou goes by its ending, and keeps the name."""
    if delivery.path.name == delivery.name:
        yield delivery.path
        return
    with TemporaryDirectory(prefix="publish-") as folder:
        link = Path(folder, delivery.name)
        link.symlink_to(delivery.path)
        yield link


def _set_main(call: Call, task: Task, preview: Record) -> None:
    try:
        call.kitsu.set_main_preview(preview["id"])
    except (KitsuForbids, KitsuRefuses, NotInKitsu) as error:
        call.log(f"{task.name}: it is published, but not its thumbnail: {error}", "warning")


def _tell(call: Call, task: Task, delivery: Delivery, preview: Record, digest: str, *, new: bool) -> None:
    tell = call.task_done if new or call.tried_since else call.task_skipped
    tell(
        task,
        f"Revision {preview['revision']}: {delivery.said}{'' if new else ', was there already'}",
        revision=preview["revision"],
        file=delivery.name,
        size=delivery.size,
        checksum=digest,
        link=task_link(call.kitsu_url, task),
    )
