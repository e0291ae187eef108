"""The interface of a Kitsu: what the bridge asks of one, and nothing about how it is asked.

`client.ZouKitsu` speaks it to a real Zou, `sample.SampleKitsu` from memory; the same contract tests run against both.
Rows are Zou's own JSON (`Record`), with Zou's own field names, so that what a page calls `due_date` is what Kitsu calls so.
Every method raises a `KitsuError` from `errors.py` and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from kitsu_bridge.kitsu.reading import Reading, Record
from kitsu_bridge.kitsu.writing import Writing

__all__ = ["Kitsu", "Record", "Studio"]


class Kitsu(Reading, Writing, Protocol):
    """One session with a Kitsu: everything is read and written with the right of its token."""


class Studio(Protocol):
    """A Kitsu before anyone has signed in to it."""

    url: str
    """Where its API stands, without a trailing slash; for the sample studio `sample:`."""

    is_sample: bool

    def version(self) -> str:
        """Zou's version, from `GET /`. Raises `NotKitsu` when something else answers."""

    def bot(self) -> Kitsu:
        """A session with the bridge's own right. Raises `TokenRejected` when its token is not accepted."""

    def session(self, token: str) -> Kitsu:
        """A session with a person's token. Nothing is asked yet; closing it never signs the person out."""

    def log_in(self, email: str, password: str, code: str = "") -> str:
        """Sign in with Kitsu's e-mail and password; returns the access token.

        Raises `SignInRefused`, or `SecondFactorNeeded` when `code` (TOTP) is missing or wrong.
        """

    def log_out(self, token: str) -> None:
        """Revoke this one token, which `log_in` gave. Other sessions of the person stay."""

    def events(
        self, *, after: str = "", older_than: str = "", names: Sequence[str] = (), limit: int = 1000
    ) -> list[Record]:
        """Kitsu's own events as it keeps them, newest first, by the bot: `id created_at name user_id project_id data`.

        `after`: a moment in UTC to the second. `older_than`: id of the last one of the page before; raises `NotInKitsu` when
        it is not kept any more. `names`: at least these. At most 1,000. Raises `KitsuForbids` for a bot below manager.
        """

    def follow(self, heard: Callable[[], None], stopped: threading.Event) -> None:
        """Call `heard` once connected and at each event, until `stopped`; it may come before the event is kept.

        Raises `KitsuUnavailable` when the connection ends, `TokenRejected` when the bot's token is not accepted.
        """
