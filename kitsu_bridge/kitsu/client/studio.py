"""The real Kitsu: a Zou, its bot, and people's sessions with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from kitsu_bridge.kitsu.client.comments import ZouComments
from kitsu_bridge.kitsu.client.events import ZouEvents
from kitsu_bridge.kitsu.client.playlists import ZouPlaylists
from kitsu_bridge.kitsu.client.previews import ZouPreviews
from kitsu_bridge.kitsu.client.reading import ZouReading
from kitsu_bridge.kitsu.client.work import ZouWork
from kitsu_bridge.kitsu.errors import KitsuRefuses, SecondFactorNeeded, SignInRefused, TokenRejected
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.transport import Transport


class ZouKitsu(ZouReading, ZouComments, ZouWork, ZouPlaylists, ZouPreviews, ZouEvents):
    """`Kitsu` over HTTP, with one token."""


class ZouStudio:
    """A Kitsu that people work with."""

    is_sample = False

    def __init__(
        self,
        url: str,
        *,
        bot_token: str = "",
        login: str = "",
        password: str = "",
        timeout: float = 10.0,
        events_url: str = "",
    ) -> None:
        self.url, self._events_url = url, events_url
        self._transport = Transport(url, timeout)
        self._bot_token, self._login, self._password = bot_token, login, password
        self._signing_in = threading.Lock()
        self._signed_in = ""

    def version(self) -> str:
        """From `GET /`."""
        return str(self._transport.get("").get("version", "unknown"))

    def bot(self) -> Kitsu:
        """By token; or by e-mail and password, signed in again when the session has expired."""
        return self._bot()

    def events(
        self, *, after: str = "", older_than: str = "", names: Sequence[str] = (), limit: int = 1000
    ) -> list[Record]:
        """What Zou has kept, for a bot that is manager or studio manager."""
        return self._bot().events(after=after, older_than=older_than, names=names, limit=limit)

    def follow(self, heard: Callable[[], None], stopped: threading.Event) -> None:
        """The process `zou-events`, on its own port or behind Kitsu's nginx."""
        self._bot().follow(self._events_url, heard, stopped)

    def _bot(self) -> ZouKitsu:
        if self._bot_token:
            return ZouKitsu(self._transport, self._bot_token)
        return ZouKitsu(self._transport, self._session_token(""), renew=self._session_token)

    def session(self, token: str) -> Kitsu:
        """A person's session."""
        return ZouKitsu(self._transport, token)

    def log_in(self, email: str, password: str, code: str = "") -> str:
        """`POST /auth/login`; the code as TOTP, or as a recovery code when it is longer than six digits."""
        body: dict[str, str] = {"email": email, "password": password}
        if code:
            body["totp" if code.strip().isdigit() and len(code.strip()) <= 8 else "recovery_code"] = code.strip()
        try:
            answer = self._transport.send("POST", "auth/login", "", body)
        except (KitsuRefuses, TokenRejected) as error:
            raise _sign_in_error(error) from None
        if not isinstance(answer, dict) or not answer.get("login") or not answer.get("access_token"):
            raise SignInRefused
        return str(answer["access_token"])

    def log_out(self, token: str) -> None:
        """`GET /auth/logout` revokes the token it is called with."""
        self._transport.get("auth/logout", token)

    def _session_token(self, expired: str) -> str:
        with self._signing_in:
            if self._signed_in in {"", expired}:
                self._signed_in = self.log_in(self._login, self._password)
            return self._signed_in


def _sign_in_error(error: KitsuRefuses | TokenRejected) -> SignInRefused | SecondFactorNeeded:
    answer = error.answer if isinstance(error.answer, dict) else {}
    if answer.get("missing_OTP") or answer.get("wrong_OTP"):
        return SecondFactorNeeded(error.detail)
    if answer.get("too_many_failed_login_attemps"):
        return SignInRefused("Too many attempts; Kitsu lets you try again in a minute.")
    return SignInRefused()
