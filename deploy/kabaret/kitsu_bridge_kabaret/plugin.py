"""The plugin: sessions with windows listen for what Kitsu Bridge asks of their user. Kabaret finds it once it is installed."""

from __future__ import annotations

import getpass
import json
import os
from typing import Any

from kabaret.app import plugin
from kabaret.app._actor import Actor, Cmds

from kitsu_bridge_kabaret.opening import answer_to, request_in

FIRST = "KITSU_BRIDGE_OID"
"""What a session shows as it starts: the handler of links sets it for the Kabaret that it starts."""


class KitsuBridge(Actor):
    """Hears requests on the cluster's channel `kitsu_bridge` and answers on `kitsu_bridge_ack`."""

    def _create_cmds(self) -> Cmds:
        return Cmds(self)

    def on_session_connected(self) -> None:
        """Listen, and show what this Kabaret was started for."""
        if self.session().is_gui():
            self.session().channels_subscribe(kitsu_bridge=self.hear)
            self.session().add_ticked(self._show_first)

    def hear(self, message: dict[str, Any]) -> None:
        """One message of the channel; another user's, and what is no request, gets no answer."""
        asked = request_in(message.get("data"), getpass.getuser())
        if asked is None:
            self.log("A message of Kitsu Bridge is not for this session.")
            return
        answer = answer_to(asked, self.session())
        self.session().publish(kitsu_bridge_ack=json.dumps(answer))
        self.log("Kitsu Bridge:", answer.get("oid") or answer.get("reason"))

    def _show_first(self) -> None:
        """Once the windows are there, which is when the first tick comes."""
        oid = os.environ.pop(FIRST, "")
        if oid:
            asked = {"request": "", "oid": oid, "view": "current"}
            answer = answer_to(asked, self.session())
            self.log("Kitsu Bridge:", answer.get("oid") or answer.get("reason"))


@plugin
def install_actors(session: Any) -> None:
    """Kabaret calls this for every session."""
    KitsuBridge(session)
