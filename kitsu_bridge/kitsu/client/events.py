"""The events of a real Zou: those it keeps, and its stream that tells that there is a new one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import socketio
from socketio.exceptions import SocketIOError

from kitsu_bridge.kitsu.client.session import ZouSession, the_id
from kitsu_bridge.kitsu.errors import KitsuRefuses, KitsuUnreachable, NotInKitsu
from kitsu_bridge.kitsu.reading import Record

NAMESPACE = "/events"
CONNECT = 15
"""Seconds for a connection and for its namespace."""

LOOK = 0.5
"""Seconds between two looks whether the connection stands and whether to stop."""


class ZouEvents(ZouSession):
    """What Zou has kept."""

    def events(
        self, *, after: str = "", older_than: str = "", names: Sequence[str] = (), limit: int = 1000
    ) -> list[Record]:
        """`GET /data/events/last` (zou/app/blueprints/events in 1.0.97): newest first, at most 1,000."""
        said: list[tuple[str, Any]] = [("limit", limit)]
        said += [("after", after)] if after else []
        said += [("cursor_event_id", the_id(older_than))] if older_than else []
        said += [("name_prefixes", prefix) for prefix in sorted({name.partition(":")[0] for name in names})]
        try:
            return list(self._renewed(lambda token: self._transport.get("data/events/last", token, said)))
        except KitsuRefuses as error:
            if older_than and "No event found" in str(error):
                raise NotInKitsu(error.detail) from None
            raise

    def follow(self, url: str, heard: Callable[[], None], stopped: threading.Event) -> None:
        """Call `heard` at each event, until told to stop; raises `KitsuUnreachable` when the connection ends.

        Not by `gazu.events` (1.3.1): it gives a namespace one second to answer, and has no way to say how long.
        """
        self._renewed(lambda token: self._transport.get("auth/authenticated", token))
        stream: Any = socketio.Client(reconnection=False, handle_sigint=False, request_timeout=CONNECT)
        stream.on("*", lambda *_: heard(), namespace=NAMESPACE)
        try:
            stream.connect(
                url or self._transport.root.removesuffix("/api"),
                headers={"Authorization": f"Bearer {self._token}"},
                namespaces=[NAMESPACE],
                wait_timeout=CONNECT,
            )
            heard()
            while not stopped.wait(LOOK):
                if NAMESPACE not in stream.namespaces:
                    raise KitsuUnreachable("The event stream ended.")
        except (SocketIOError, OSError) as error:
            raise KitsuUnreachable(f"The event stream: {error}") from None
        finally:
            stream.shutdown()
