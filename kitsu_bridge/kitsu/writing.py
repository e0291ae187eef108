"""What the bridge writes into a Kitsu, and the files of previews that go with it.

Each method acts with the right of its session: with a person's own token Zou decides; where the bot stands in a person's
place, the rules of `rights.py` decide as Zou would for that person in that project. Where Zou lets the bot say in whose
name it writes (comments, previews, playlists), it does. A task that may not be written is left out of the answer, as Zou
leaves it out; where there is but one thing to write, the refusal is raised as `KitsuForbids`.

Nothing that writes is ever sent twice. A `KitsuUnavailable` from here may mean that Kitsu has written all the same:
`error.may_be_written` says so, and whoever must not write twice looks first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from kitsu_bridge.kitsu.reading import Record

PLAYLIST_NAME = 80
"""Characters of a playlist's name (zou/app/models/playlist.py in 1.0.97)."""


class Written(list[Record]):
    """The rows that Kitsu wrote, and of what it did not take, why, in words: `refused[task id]`."""

    def __init__(self, rows: Sequence[Record] = (), refused: dict[str, str] | None = None) -> None:
        super().__init__(rows)
        self.refused: dict[str, str] = refused or {}


class Writing(Protocol):
    """What one session writes. Ids are Kitsu's; durations are minutes, days are `YYYY-MM-DD`."""

    # Comments

    def post_comments(self, drafts: Sequence[Record]) -> Written:
        """Comment on many tasks; a comment with another status changes the task's status.

        A draft: `object_id` (the task), `project_id`, `task_status_id` (the present one to leave it), `comment` (the text),
        and where wanted `checklist` (`[{"text", "checked"}]`), `links`, `person_id` (in whose name; managers only).
        Returns the rows written, each with `object_id`, in no order; why others were not is in `refused`. Raises
        `KitsuForbids` only when nothing at all may be written. When Kitsu fails midway, the error's `done` has the rows
        already written.
        """

    def post_comment(self, draft: Record, attachments: Sequence[Path] = ()) -> Record:
        """Comment on one task, with files. The draft is as above; `for_client` shows it to clients (managers only)."""

    # Tasks

    def assign(self, task_ids: Sequence[str], person_id: str) -> list[str]:
        """Assign a person to tasks; the ids of the tasks that Kitsu took. Who is not in the team joins it (Zou does that)."""

    def unassign(self, task_ids: Sequence[str], person_id: str = "") -> list[str]:
        """Take one person off tasks, or everybody; the ids of the tasks that Kitsu took."""

    def set_priority(self, task_ids: Sequence[str], priority: int) -> list[str]:
        """0 normal, 1 high, 2 very high, 3 emergency; the ids of the tasks that Kitsu took."""

    def update_task(self, task_id: str, data: Record) -> Record:
        """Change fields of a task: `start_date`, `due_date`, `estimation` (minutes), `difficulty`, `data`; the row after."""

    def set_time_spent(self, task_id: str, person_id: str, day: str, minutes: int, *, add: bool = False) -> Record:
        """Say how long a person worked on a task on a day, or `add` to what is said. Only for people assigned to it."""

    # Entities

    def metadata_descriptors(self, project_id: str) -> list[Record]:
        """A project's custom fields: `name field_name entity_type data_type choices departments for_client`."""

    def update_entity_data(self, entity_id: str, data: Record) -> Record:
        """Change custom fields of an entity; fields not named stay. The row after."""

    def set_casting(self, project_id: str, entity_id: str, casting: Sequence[Record]) -> list[Record]:
        """Replace what is cast in an entity: `[{"asset_id", "nb_occurences", "label"}]`. The casting after, read back."""

    # Playlists

    def playlists(self, project_id: str) -> list[Record]:
        """All playlists of a project, newest change first, without their entries."""

    def playlist(self, project_id: str, playlist_id: str) -> Record:
        """One playlist with its `shots`: `[{"entity_id", "preview_file_id"}]`, whatever entities they are."""

    def playlist_row(self, playlist_id: str) -> Record:
        """One playlist by its id alone, as it is stored."""

    def create_playlist(self, data: Record) -> Record:
        """Create a playlist of `name` (at most 80 characters), `project_id`, and where wanted `for_entity` (`shot asset
        sequence edit episode`), `for_client`, `is_for_all`, `episode_id`, `task_type_id`, and
        `created_by` (in whose name, where the session is a manager's). Names need not be unique, but for episodes."""

    def add_to_playlist(self, playlist_id: str, entries: Sequence[Record]) -> Record:
        """Add `{"entity_id", "preview_file_id"?}` at the end, those already there not twice; the playlist after.

        Without a `preview_file_id` Kitsu takes the entity's latest; one of another entity it takes for none.
        """

    # Previews

    def create_preview(self, task_id: str, comment_id: str, *, person_id: str = "") -> Record:
        """A place for a file in a comment: the next revision, or one more of the revision that the comment has already.

        `person_id`: in whose name, where the session is a manager's.
        """

    def upload_preview(self, preview_id: str, path: Path) -> Record:
        """Give a preview its file. Kitsu makes thumbnails in the background: until then its `status` is `processing`."""

    def set_main_preview(self, preview_id: str) -> Record:
        """Make it the thumbnail of its entity; the entity's row."""

    def preview_content(self, preview: Record, largest: int) -> Iterator[bytes]:
        """The file itself (of a movie, the one Kitsu made of it), piece by piece. Raises `TooLarge` beyond `largest` bytes,
        `NotInKitsu` when there is no file."""

    def thumbnail(self, preview_id: str, *, large: bool = False) -> bytes:
        """A small picture of a preview, PNG: 150 pixels wide, or 1,200. Raises `NotInKitsu` when there is none, or none yet."""
