"""What a render farm is to the bridge: what its client offers, and the words for what became of a job.

A farm is one module in `actions/clients/` that speaks to it and one in `actions/handlers/` that builds its jobs. The latter has
a function `farm(options, desk) -> Farm` beside its handler: with it the bridge reaches the farm again to look at its jobs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from actions.contract import ActionError, Field, StatusId
from kitsu_bridge.kitsu.tasks import Task

JobState = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
"""What a farm's own states come down to; the last three are ends."""


class FarmAway(ActionError):
    """The farm was not reached: it has got nothing, and can be asked again."""


class FarmRefuses(ActionError):
    """The farm, or our own check of what kills it, says no; the words are for the person."""


class FarmUnsure(ActionError):
    """It was sent, and no answer came: the farm may have the job. It is looked for before anything is sent again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A job as the farm knows it. `serial`: where ids are used again (Afanasy). `link`: where people see it there."""

    id: str
    serial: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as it stands now. Frames, or whatever the farm counts; `stuck` says why nothing happens though it should."""

    state: JobState
    done: int = 0
    failed: int = 0
    total: int = 0
    message: str = ""
    stuck: str = ""


PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
"""What pictures begin with."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The last rendered picture."""

    content: bytes
    content_type: str

    @classmethod
    def of(cls, content: bytes) -> Picture | None:
        """A picture by what it begins with; None for anything else, such as a page that says it is gone."""
        kind = next((kind for beginning, kind in PICTURES if content.startswith(beginning)), "")
        return cls(content, kind) if kind else None


class Farm(Protocol):
    """A connection to one farm. Every method raises one of the errors above and nothing else; 3 s to connect, 10 s to read."""

    title: str
    """`Flamenco`, for pages."""

    place: str
    """Where it stands, such as `http://flamenco:8080`: rows of one place are looked at together."""

    def submit(self, job: Mapping[str, Any], mark: str) -> Sent:
        """Send a job that carries our mark. Raises `FarmUnsure` when it went out and nothing came back."""

    def find(self, mark: str) -> Sent | None:
        """The job that carries the mark, if the farm has one."""

    def look(self, jobs: Sequence[Sent]) -> Mapping[str, Seen]:
        """How jobs stand, by `Sent.id`, in one request where the farm can; one that is not in it is not there any more."""

    def log_tail(self, job: Sent) -> str:
        """The last lines of a task that failed, else of the one that runs; empty when there are none."""

    def picture(self, job: Sent) -> Picture | None:
        """The last rendered picture, where the farm gives one."""

    def cancel(self, job: Sent) -> None:
        """Stop it."""

    def retry_errors(self, job: Sent) -> None:
        """Run again what failed."""

    def set_priority(self, job: Sent, priority: int) -> None:
        """In the farm's own scale."""


@dataclass(frozen=True, kw_only=True)
class TellsKitsu:
    """Options of every kind that sends jobs: what Kitsu is told when one has ended. `class Options(TellsKitsu)`."""

    status_when_done: Annotated[StatusId | None, Field(help="Of the task, when its job is done. Empty: it stays.")] = (
        None
    )
    status_when_failed: Annotated[StatusId | None, Field(help="Of the task, when its job failed. Empty: it stays.")] = (
        None
    )
    comment_when_ended: Annotated[
        str,
        Field(
            template="text",
            long=True,
            help="Stands before a line about the job. Without it and without a status, Kitsu is told nothing.",
        ),
    ] = ""
    publish_picture: Annotated[
        bool, Field(help="The last picture of a job that is done becomes a preview of its task.")
    ] = False


class Farms(Protocol):
    """What the bridge does for a handler that sends jobs: `call.desk.drawer(Farms).submit(...)`."""

    def submit(self, farm: Farm, job: Mapping[str, Any], name: str, task: Task | None = None) -> Sent:
        """Send a job, once: one for a task, or one for the selection. What was sent before is found, and not sent again.

        The bridge keeps it, looks at it until it ends, and shows it on the page. Raises the farm's errors.
        """
