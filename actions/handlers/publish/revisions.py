"""Making a revision of a file: looking first what stands in Kitsu, so that no file is published twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from actions.clients.storage import checksum
from actions.contract import ActionError, Call
from actions.doing.changing import GONE, PERHAPS, written_since
from actions.handlers.publish.delivery import Delivery, Wish, delivery_of
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, KitsuUnavailable, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import task_link
from kitsu_bridge.kitsu.tasks import Task


@dataclass(slots=True)
class Standing:
    """What stands at tasks in Kitsu, read before publishing to them: by the task's id."""

    tasks: dict[str, Record]
    comments: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    previews: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))


def what_stands(call: Call, tasks: Sequence[Task]) -> Standing:
    """As Kitsu has it at this moment."""
    ids = [task.id for task in tasks]
    found = Standing({row["id"]: row for row in call.kitsu.tasks(ids)})
    for row in call.kitsu.comments(list(found.tasks)):
        found.comments[row["object_id"]].append(row)
    for row in call.kitsu.task_previews(list(found.tasks)):
        found.previews[row["task_id"]].append(row)
    return found


def publish_to(call: Call, wish: Wish, task: Task, standing: Standing) -> bool:
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
    delivery = delivery_of(call, wish, task)
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
    return preview | _upload(call, preview, delivery)


def _comment(call: Call, wish: Wish, task: Task, standing: Standing, stamp: str) -> Record:
    draft = {
        "object_id": task.id,
        "project_id": task.project.id,
        "task_status_id": wish.status or standing.tasks[task.id]["task_status_id"],
        "comment": f"{wish.comment.strip()}\n\n{stamp}".strip(),
    }
    return call.kitsu.post_comment(draft)


def _upload(call: Call, preview: Record, delivery: Delivery) -> Record:
    with _named(delivery) as path:
        try:
            return call.kitsu.upload_preview(preview["id"], path)
        except OSError as error:
            raise ActionError(f"{delivery.name} cannot be read: {error.strerror}.") from None
        except (KitsuRefuses, TooLarge) as error:
            raise ActionError(f"The comment is there, but Kitsu did not take the file. {error}") from None


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
    preparing = ". Kitsu is preparing it" if preview.get("status") == "processing" else ""
    tell(
        task,
        f"Revision {preview['revision']}: {delivery.said}{preparing if new else ', was there already'}",
        revision=preview["revision"],
        file=delivery.name,
        size=delivery.size,
        checksum=digest,
        link=task_link(call.kitsu_url, task),
    )
