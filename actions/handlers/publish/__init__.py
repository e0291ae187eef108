"""Upload a file as the next revision of the selected tasks' previews, with a comment.

The person gives the file of one task; or the file of each task is found on the shared storage, where the action says that it
lies, within the folders that the setting PUBLISH_FOLDERS names. A file that is the last revision already is not published
again. The comment ends with the file's name, size and checksum.
"""

from __future__ import annotations

from typing import Annotated

from actions.contract import ActionError, Call, Field, File, Outcome, Plan, StatusId, Step
from actions.handlers.publish.delivery import MB, Options, Wish, delivery_of
from actions.handlers.publish.revisions import publish_to, what_stands
from actions.registry import handler
from kitsu_bridge.kitsu.media import STORED_AS
from kitsu_bridge.kitsu.tasks import Task

CHUNK = 20
"""Tasks whose comments and previews are read in one go, shortly before they are published to."""


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
            accept=tuple(f".{ending}" for ending in STORED_AS),
            largest=10_000 * MB,
        ),
    ] = None,
    comment: Annotated[str, Field(label="Comment", long=True)] = "",
    status: Annotated[StatusId | None, Field(label="Status", help="Empty: it stays as it is.")] = None,
) -> Outcome:
    """Task by task: find the file, comment, make the revision, upload."""
    wish = _wish(call, options, file, comment, status or "")
    published = 0
    for tasks in call.chunks(CHUNK, "Publishing"):
        standing = what_stands(call, tasks)
        for task in tasks:
            call.stop_if_cancelled()
            published += publish_to(call, wish, task, standing)
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
        said = delivery_of(call, wish, task).said
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
