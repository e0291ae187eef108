"""Tells Kitsu of the end of a job: a comment, a status, a preview, in the person's name and with their right."""

from __future__ import annotations

from collections.abc import Sequence

from actions.contract import ActionError, Call, File
from actions.doing.changing import written_since
from actions.farms.contract import TellsKitsu
from actions.filling import calm, fill, of_task
from actions.kinds.hints import make
from actions.line.calls import selection_of
from actions.parameters.beginnings import Silent
from actions.registry import kinds
from actions.worker.calling import about
from audit.models import FarmJob, Invocation
from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable, TokenRejected
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
    """What became of it, in words; empty where nothing was to be told. What an earlier try has written is found first.

    Raises `KitsuUnavailable`, and `TokenRejected` for the bridge's own: both pass.
    """
    options = _options(row.invocation)
    if options is None or row.state not in TOLD:
        return ""
    status = options.status_when_done if row.state == FarmJob.State.DONE else options.status_when_failed
    picture = options.publish_picture and row.picture is not None and row.state == FarmJob.State.DONE
    if not (status or options.comment_when_ended or picture):
        return ""
    try:
        return _tell(row, options, status, picture=picture)
    except (KitsuUnavailable, TokenRejected):
        raise
    except (KitsuError, ActionError) as error:
        return f"Kitsu could not be told: {error}"


def _options(invocation: Invocation) -> TellsKitsu | None:
    kind = kinds().get(invocation.kind)
    options = make(kind.options_class, invocation.options) if kind and kind.options_class else None
    return options if isinstance(options, TellsKitsu) else None


def _tell(row: FarmJob, options: TellsKitsu, status: str | None, *, picture: bool) -> str:
    person, kitsu = _in_their_place(row.invocation)
    tasks = resolve(kitsu, [row.task_id] if row.task_id else row.invocation.task_ids, reader=studio().bot).tasks
    if not tasks:
        raise ActionError("the person who sent it sees none of its tasks any more.")
    call = _call(row, person, kitsu, tasks)
    standing = _standing(row, call)
    drafts = [_draft(row, options, status, call, task) for task in tasks if task.id not in standing]
    written = [*standing.values(), *(kitsu.post_comments(drafts) if drafts else ())]
    missing = len(row.invocation.task_ids if not row.task_id else [row.task_id]) - len(written)
    said = f"Kitsu was told: {len(written):,} comment{'' if len(written) == 1 else 's'}."
    said += f" {missing:,} of the tasks did not take one." if missing else ""
    return f"{said} {_publish(row, kitsu, written[0])}".strip() if picture and len(written) == 1 else said


def _standing(row: FarmJob, call: Call) -> dict[str, Record]:
    """Comments on this end that an earlier try has written, by task. The line about the job is in no other one."""
    if call.tried_since is None or call.person is None:
        return {}
    line, found = _line(row), {}
    for one in call.kitsu.comments([task.id for task in call.tasks]):
        ours = line in str(one.get("text") or "") and one.get("person_id") == call.person.id
        if ours and written_since(call, one.get("created_at")):
            found[str(one["object_id"])] = one
    return found


def _line(row: FarmJob) -> str:
    """About the job. What stands in its name calls nobody."""
    frames = f", {row.done_count} of {row.total_count}" if row.total_count else ""
    where = row.link or f"Job {row.serial or row.external_id}."
    return f"{row.farm}: “{calm(row.name)}” is {row.get_state_display().lower()}{frames}. {where}"


def _draft(row: FarmJob, options: TellsKitsu, status: str | None, call: Call, task: Task) -> Record:
    said = fill(options.comment_when_ended, of_task(call, task), calm) if options.comment_when_ended else ""
    return {
        "object_id": task.id,
        "project_id": task.project.id,
        "task_status_id": status or task.status.id,
        "comment": "\n\n".join(part for part in (said, _line(row)) if part),
    }


def _publish(row: FarmJob, kitsu: Kitsu, comment: Record) -> str:
    """Nothing where the picture is there now, by this try or an earlier one; else why it is not."""
    assert row.picture is not None
    ids = [one["id"] if isinstance(one, dict) else one for one in comment.get("previews") or ()]
    there = [one for one in kitsu.task_previews([comment["object_id"]]) if one["id"] in ids] if ids else []
    if any(one.get("original_name") for one in there):  # Zou keeps the file's name once it has the file.
        return ""
    try:
        preview = there[0] if there else kitsu.create_preview(comment["object_id"], comment["id"])
        with File(row.picture.name, row.picture.path, row.picture.size).named() as path:
            kitsu.upload_preview(preview["id"], path)
    except (KitsuUnavailable, TokenRejected):
        raise
    except (KitsuError, ActionError) as error:
        return f"It did not take the picture: {error}"
    return ""


def _in_their_place(invocation: Invocation) -> tuple[Person, Kitsu]:
    """The person who sent the job, as Kitsu knows them now; their session has ended long ago."""
    bot = studio().bot()
    row = next((row for row in bot.persons() if row["id"] == invocation.person_id), None)
    if row is None or not row.get("active", True):
        raise ActionError("the account that sent the job is not active any more.")
    person = Person.from_record(row)
    return person, seen_by(bot, person)


def _call(row: FarmJob, person: Person, kitsu: Kitsu, tasks: Sequence[Task]) -> Call:
    """As if the person ran it now; `tried_since` where it was told, or begun to be, before."""
    one, found = row.invocation, Resolution(tuple(tasks), ())
    since = row.ended_at if row.tell_tries > 1 else None
    return Call(
        str(one.pk), person, True, selection_of(one), found, kitsu, Silent(), about=about(one), tried_since=since
    )
