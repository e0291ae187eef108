"""Comment on the selected tasks and change their status, in one's own name.

The text may differ from task to task by variables such as `{entity_name}`; a checklist, mentions and a file may go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from actions.contract import ActionError, Call, Field, File, Outcome, PersonId, Plan, StatusId
from actions.doing.changing import CHUNK, SAME, Change, Doing, Refused, carry_out, foresee, written_since
from actions.doing.crew import Crew
from actions.doing.rights import Rights, rights_of
from actions.filling import calm, fill, of_task
from actions.registry import handler
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuUnavailable, NotInKitsu
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Task

Status = Annotated[StatusId | None, Field(label="Status", help="Empty: each task keeps the status it has.")]
Text = Annotated[
    str,
    Field(
        label="Comment", long=True, template="text", help="Variables such as {entity_name} are filled for each task."
    ),
]
Checklist = Annotated[
    str, Field(label="Checklist", long=True, help="One entry a line; [x] before it: checked already.")
]
Mention = Annotated[
    tuple[PersonId, ...],
    Field(label="Mention", help="They are told, on tasks of productions of whose team they are."),
]
Attachment = Annotated[File | None, Field(label="File", help="Attached to every comment.", largest=50 * 1024 * 1024)]

NOT_ALLOWED = (
    "this task is not yours to comment on. Artists comment on tasks assigned to them, supervisors on those of their "
    "departments."
)


@handler(title="Comment and set the status")
def run(
    call: Call,
    *,
    status: Status = None,
    text: Text = "",
    checklist: Checklist = "",
    mention: Mention = (),
    attachment: Attachment = None,
) -> Outcome:
    """One comment on each task."""
    return carry_out(call, Commenting(call, Wanted(status, text, checklist, mention, attachment)).doing())


def preview(
    call: Call,
    *,
    status: Status = None,
    text: Text = "",
    checklist: Checklist = "",
    mention: Mention = (),
    attachment: Attachment = None,
) -> Plan:
    """The text that each task would get, and its status before and after."""
    return foresee(call, Commenting(call, Wanted(status, text, checklist, mention, attachment)).doing())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked for. Raises `ActionError` when that is nothing."""

    status: str | None
    text: str
    checklist: str
    mention: Sequence[str]
    attachment: File | None

    def __post_init__(self) -> None:
        if not (self.status or self.says_something):
            raise ActionError("Choose a status, or write a comment.")

    @property
    def says_something(self) -> bool:
        """Whether there is more to it than a status."""
        return bool(self.text.strip() or self.entries or self.mention or self.attachment)

    @property
    def entries(self) -> list[Record]:
        """The checklist as Zou keeps it."""
        lines = [line.strip() for line in self.checklist.splitlines() if line.strip()]
        return [{"text": line.removeprefix("[x]").strip(), "checked": line.startswith("[x]")} for line in lines]


class Commenting:
    """How one run comments."""

    def __init__(self, call: Call, wanted: Wanted) -> None:
        self._call, self._wanted, self._crew = call, wanted, Crew(call)
        self._statuses = {row["id"]: row for row in call.kitsu.task_statuses()}
        self._types = {row["name"].lower() for row in call.kitsu.task_types()}
        self._mentioned: set[str] = set()
        if wanted.status and wanted.status not in self._statuses:
            raise ActionError("There is no such status in Kitsu.")

    def doing(self) -> Doing:
        """How to comment; with a file one by one, as Kitsu takes them."""
        what = f"Set {self._status(self._wanted.status)}" if self._wanted.status else "Comment"
        at_once = 1 if self._wanted.attachment else CHUNK
        return Doing(what, self.decide, self.write, NOT_ALLOWED, at_once=at_once, may=self._may)

    def decide(self, tasks: Sequence[Task]) -> list[Change]:
        """The comment that each task would get."""
        self._mentioned |= self._mentioned_in(tasks)
        return [self._change(task) for task in tasks]

    def _mentioned_in(self, tasks: Sequence[Task]) -> set[str]:
        """Of the tasks that are not the person's, those where somebody mentioned them: there they may answer."""
        rights = rights_of(self._call)
        if rights is None:
            return set()
        theirs = [one for one in tasks if not _acts(rights, one)]
        others = [one.id for one in theirs if self._keeps(one) and rights.answers(one.project.id)]
        try:
            rows = self._call.kitsu.comments(others) if others else []
            return {row["object_id"] for row in rows if rights.is_mentioned(row)}
        except (KitsuForbids, NotInKitsu):
            return set(others)  # It cannot be told beforehand: Kitsu decides.

    def _may(self, rights: Rights, change: Change) -> bool:
        return _acts(rights, change.task) or (self._keeps(change.task) and change.task.id in self._mentioned)

    def _keeps(self, task: Task) -> bool:
        return self._wanted.status in (None, task.record["task_status_id"])

    def write(self, changes: Sequence[Change]) -> Iterator[str | Refused]:
        """What an earlier try has written is found first; what was written when Kitsu stopped answering is told."""
        standing = self._standing(changes)
        yield from standing
        try:
            yield from self._post([change.value for change in changes if change.task.id not in standing])
        except KitsuUnavailable as error:
            yield from (row["object_id"] for row in error.done)
            raise

    def _post(self, drafts: list[Record]) -> Iterator[str | Refused]:
        if self._wanted.attachment is not None:
            with self._wanted.attachment.named() as path:
                yield from (self._call.kitsu.post_comment(one, [path])["object_id"] for one in drafts)
            return
        rows = self._call.kitsu.post_comments(drafts)
        yield from (row["object_id"] for row in rows)
        yield from (Refused(task_id, reason) for task_id, reason in rows.refused.items())

    def _standing(self, changes: Sequence[Change]) -> list[str]:
        """The ids of tasks that have this very comment of this person since the first try."""
        if self._call.tried_since is None:
            return []
        drafts = {change.task.id: change.value for change in changes}
        rows = self._call.kitsu.comments(list(drafts))
        found = [row for row in rows if written_since(self._call, row.get("created_at"))]
        return list(dict.fromkeys(row["object_id"] for row in found if _is_of(row, drafts[row["object_id"]])))

    def _change(self, task: Task) -> Change:
        now = task.record["task_status_id"]
        new = self._wanted.status or now
        if new == now and not self._wanted.says_something:
            return Change(task, "same", SAME)
        if reason := self._why_not(task, new):
            return Change(task, "blocked", reason)
        try:
            text = fill(_plain(self._wanted.text), of_task(self._call, task), calm)
        except ActionError as error:
            return Change(task, "blocked", str(error))
        heard = [one for one in self._wanted.mention if self._crew.may_be_in(task, one)]
        names = (self._status(now), self._status(new)) if new != now else ("", "")
        return Change(task, "write", self._message(task, text, heard), *names, self._draft(task, new, text, heard))

    def _why_not(self, task: Task, status_id: str) -> str:
        new = status_id != task.record["task_status_id"]
        used = task.project.record.get("task_statuses") or []
        if new and used and status_id not in used:
            return f"{task.project.name} has no status {self._status(status_id)}."
        rights, status = rights_of(self._call), self._statuses.get(status_id)
        if rights is None or status is None or rights.uses_status(status, task.project.id):
            return ""
        who = "Clients" if rights.role_in(task.project.id) == "client" else "Artists"
        return f"{who} may not {'set' if new else 'comment on what is'} {self._status(status_id)}."

    def _draft(self, task: Task, status_id: str, text: str, heard: Sequence[str]) -> Record:
        mentions = " ".join(f"@{self._crew.name(one)}" for one in heard)
        draft: dict[str, Any] = {
            "object_id": task.id,
            "project_id": task.project.id,
            "task_status_id": status_id,
            "comment": "\n\n".join(part for part in (text, mentions) if part),
        }
        draft |= {"checklist": self._wanted.entries} if self._wanted.entries else {}
        return draft | ({"person_id": self._call.person.id} if self._call.person else {})

    def _message(self, task: Task, text: str, heard: Sequence[str]) -> str:
        parts = [f"Comment “{_short(text)}”" if text else "Comment" if self._wanted.says_something else "Status"]
        deaf = [one for one in self._wanted.mention if one not in heard]
        if deaf:
            parts.append(f"{self._crew.names(deaf)} not mentioned: not in the team of {task.project.name}")
        if echo := self._echo(task, text):
            parts.append(f"because of {echo} Kitsu posts it on other tasks of {task.entity.name} too")
        return "; ".join(parts)

    def _echo(self, task: Task, text: str) -> str:
        """`#animation` posts a comment on that task as well, `#all` on all (zou/app/services/comments_service.py)."""
        tags = [tag for tag in re.findall(r"#[a-zA-Z]+", text) if tag[1:].lower() in {"all", *self._types}]
        return ", ".join(tag for tag in dict.fromkeys(tags) if tag[1:].lower() != task.task_type.name.lower())

    def _status(self, status_id: str | None) -> str:
        return str(self._statuses.get(status_id or "", {}).get("name", "a status that is not there"))


def _acts(rights: Rights, task: Task) -> bool:
    return rights.acts_on(task.record, task.entity.record.get("created_by"))


def _is_of(row: Record, draft: Record) -> bool:
    names = {"text": "comment", "task_status_id": "task_status_id", "person_id": "person_id"}
    return all(row[theirs] == draft.get(ours, row[theirs]) for theirs, ours in names.items())


def _plain(text: str) -> str:
    """As it was typed: forms end lines with two signs, and PostgreSQL takes no NUL."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"
