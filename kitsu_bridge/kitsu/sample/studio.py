"""The sample studio's side of the interface: sessions with the rights that Zou gives, on tables in memory."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable, Sequence
from threading import Event, RLock

from kitsu_bridge.kitsu.errors import KitsuError, SignInRefused
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample.changes import SampleChanges
from kitsu_bridge.kitsu.sample.comments import SampleComments
from kitsu_bridge.kitsu.sample.events import SampleEvents
from kitsu_bridge.kitsu.sample.fields import add_fields
from kitsu_bridge.kitsu.sample.people import add_people
from kitsu_bridge.kitsu.sample.playlists import SamplePlaylists
from kitsu_bridge.kitsu.sample.previews import SamplePreviews
from kitsu_bridge.kitsu.sample.productions import add_productions
from kitsu_bridge.kitsu.sample.reading import SampleReading
from kitsu_bridge.kitsu.sample.reviews import add_reviews
from kitsu_bridge.kitsu.sample.rows import Tables
from kitsu_bridge.kitsu.sample.work import add_work
from kitsu_bridge.kitsu.visibility import Visible
from kitsu_bridge.secrets import fingerprint

BOT = "bridge@sample.studio"


class SampleKitsu(SampleReading, SampleComments, SampleChanges, SamplePlaylists, SamplePreviews):
    """A session that may see and write everything: a studio manager's, or the bot's."""


class SampleStudio:
    """An invented Kitsu. `trouble` makes every call fail with it, as a Kitsu that is down, slow or lying would."""

    url = "sample:"
    is_sample = True

    def __init__(self) -> None:
        self.trouble: KitsuError | None = None
        self.lock = RLock()
        self.happened = SampleEvents()
        self._tables: Tables | None = None
        self._revoked: set[str] = set()

    @property
    def tables(self) -> Tables:
        """Made when they are first looked at."""
        with self.lock:
            if self._tables is None:
                self._tables = Tables()
                for add in (add_people, add_productions, add_fields, add_work, add_reviews):
                    add(self._tables)
            return self._tables

    def check(self) -> None:
        """Raises the trouble, if there is one."""
        if self.trouble is not None:
            raise self.trouble

    def version(self) -> str:
        """It has none of Zou's."""
        self.check()
        return "sample"

    def people(self) -> list[Record]:
        """Everybody to choose from at the sign-in, with the names of their departments."""
        names = {row["id"]: row["name"] for row in self.tables.departments.values()}
        return [
            {**row, "department_names": [names[one] for one in row["departments"]]}
            for row in self.tables.persons.values()
            if row["active"] and not row["is_bot"]
        ]

    def bot(self) -> Kitsu:
        """A session of the bridge's bot, a studio manager."""
        return SampleKitsu(self, self._by_email(BOT))

    def session(self, token: str) -> Kitsu:
        """A session with a token that `log_in` gave, in this process or in another with the same secret key."""
        return self._session(self._owner(token))

    def session_of(self, email: str) -> Kitsu:
        """A session of somebody without a sign-in: for tests of kinds, which have no secret key."""
        return self._session(self._by_email(email))

    def _session(self, person: Record | None) -> Kitsu:
        if person is None or person["role"] == "admin":
            return SampleKitsu(self, person)
        return Visible(SampleKitsu(self, self._by_email(BOT), person), Person.from_record(person))

    def events(
        self, *, after: str = "", older_than: str = "", names: Sequence[str] = (), limit: int = 1000
    ) -> list[Record]:
        """Of what was done through this interface since the start."""
        self.check()
        return self.happened.last(after, older_than, names, limit)

    def follow(self, heard: Callable[[], None], stopped: Event) -> None:
        """Within this process: another one has a sample studio of its own."""
        self.happened.follow(heard, stopped, self.check)

    def log_in(self, email: str, password: str, code: str = "") -> str:
        """Any password will do: nobody here has one. An account that is inactive stays outside, as at Kitsu."""
        self.check()
        person = self._by_email(email)
        if person is None or not person["active"] or person["is_bot"] or not password:
            raise SignInRefused
        part = uuid.uuid4().hex
        return f"sample-{part}.{person['id']}.{_seal(part, person['id'])}"

    def log_out(self, token: str) -> None:
        """This token is worth nothing any more."""
        self.check()
        self._revoked.add(token)

    def _by_email(self, email: str) -> Record | None:
        wanted = email.casefold()
        return next((row for row in self.tables.persons.values() if row["email"].casefold() == wanted), None)

    def _owner(self, token: str) -> Record | None:
        """Whose token it is: sealed with the secret key, so that a worker of another process knows it as well."""
        part, _, rest = token.removeprefix("sample-").partition(".")
        person_id, _, seal = rest.partition(".")
        if token in self._revoked or not token.isascii() or not hmac.compare_digest(seal, _seal(part, person_id)):
            return None
        return self.tables.persons.get(person_id)


def _seal(part: str, person_id: str) -> str:
    return fingerprint("sample studio", part, person_id)
