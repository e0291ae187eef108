"""Tells Kitsu of the end of a job: a comment, a status, a preview, in the person's name and with their right."""

from __future__ import annotations

from collections.abc import Sequence

from actions.contract import ActionError, Call, File
from actions.farms.contract import TellsKitsu
from actions.filling import fill, of_task
from actions.kinds.hints import make
from actions.line.calls import selection_of
from actions.parameters.beginnings import Silent
from actions.registry import kinds
from actions.worker.calling import about
from actions.worker.report import clean
from audit.models import FarmJob, Invocation
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.reading import Record
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.tasks import Resolution, Task
from kitsu_bridge.kitsu.visibility import seen_by

TOLD = (FarmJob.State.DONE, FarmJob.State.FAILED)
"""Ends that Kitsu hears of: who cancels a job knows it."""


def tell_kitsu(row: FarmJob) -> str:
    """What became of it, in words; empty where nothing was to be told."""
    options = _options(row.invocation)
    if options is None or row.state not in TOLD:
        return ""
    status = options.status_when_done if row.state == FarmJob.State.DONE else options.status_when_failed
    picture = options.publish_picture and row.picture is not None and row.state == FarmJob.State.DONE
    if not (status or options.comment_when_ended or picture):
        return ""
    try:
        said = _tell(row, options, status, picture=picture)
    except (KitsuError, ActionError) as error:
        said = f"Kitsu could not be told: {error}"
    row.invocation.event(Happened.FARM_TOLD, text=clean(f"“{row.name}”: {said}"), job=row.external_id).save()
    return clean(said)


def _options(invocation: Invocation) -> TellsKitsu | None:
    kind = kinds().get(invocation.kind)
    options = make(kind.options_class, invocation.options) if kind and kind.options_class else None
    return options if isinstance(options, TellsKitsu) else None


def _tell(row: FarmJob, options: TellsKitsu, status: str | None, *, picture: bool) -> str:
    person, kitsu = _in_their_place(row.invocation)
    tasks = resolve(kitsu, [row.task_id] if row.task_id else row.invocation.task_ids, reader=studio().bot).tasks
    if not tasks:
        raise ActionError("the person who sent it sees none of its tasks any more.")
    call = _call(row.invocation, person, kitsu, tasks)
    drafts = [_draft(row, options, status, call, task) for task in tasks]
    written = kitsu.post_comments(drafts)
    if picture and len(written) == 1:
        _publish(row, kitsu, written[0])
    missing = len(row.invocation.task_ids if not row.task_id else [row.task_id]) - len(written)
    said = f"Kitsu was told: {len(written):,} comment{'' if len(written) == 1 else 's'}."
    return said + (f" {missing:,} of the tasks did not take one." if missing else "")


def _draft(row: FarmJob, options: TellsKitsu, status: str | None, call: Call, task: Task) -> Record:
    said = fill(options.comment_when_ended, of_task(call, task)) if options.comment_when_ended else ""
    frames = f", {row.done_count} of {row.total_count}" if row.total_count else ""
    about_it = f"{row.farm}: “{row.name}” is {row.get_state_display().lower()}{frames}. {row.link}".strip()
    return {
        "object_id": task.id,
        "project_id": task.project.id,
        "task_status_id": status or task.status.id,
        "comment": "\n\n".join(part for part in (said, about_it) if part),
    }


def _publish(row: FarmJob, kitsu: Kitsu, comment: Record) -> None:
    assert row.picture is not None
    preview = kitsu.create_preview(comment["object_id"], comment["id"])
    with File(row.picture.name, row.picture.path, row.picture.size).named() as path:
        kitsu.upload_preview(preview["id"], path)


def _in_their_place(invocation: Invocation) -> tuple[Person, Kitsu]:
    """The person who sent the job, as Kitsu knows them now; their session has ended long ago."""
    bot = studio().bot()
    row = next((row for row in bot.persons() if row["id"] == invocation.person_id), None)
    if row is None or not row.get("active", True):
        raise ActionError("the account that sent the job is not active any more.")
    person = Person.from_record(row)
    return person, seen_by(bot, person)


def _call(invocation: Invocation, person: Person, kitsu: Kitsu, tasks: Sequence[Task]) -> Call:
    found = Resolution(tuple(tasks), ())
    return Call(
        str(invocation.pk), person, True, selection_of(invocation), found, kitsu, Silent(), about=about(invocation)
    )
