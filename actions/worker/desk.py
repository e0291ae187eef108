"""The `Desk` of the contract for a run in a worker: settings, secrets by reference, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from actions.contract import ActionError, Found, Kept
from actions.kinds.settings import settings_for_kinds
from actions.tickets import make_ticket, withdraw
from audit.files import FileTooLarge, keep_file
from audit.models import Invocation, InvocationFile
from kitsu_bridge.named_secrets import NoSuchSecret, named_secret

DRAWERS: dict[type[Any], Callable[[Invocation], Any]] = {}
"""Further abilities by their protocols; whoever has one puts it in."""


class WorkersDesk:
    """For one invocation."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._gave_tickets = False

    @property
    def settings(self) -> Mapping[str, Any]:
        """Those named in FOR_KINDS."""
        return settings_for_kinds()

    def secret(self, name: str) -> str:
        """From the environment of this worker."""
        try:
            return named_secret(name)
        except NoSuchSecret as error:
            raise ActionError(str(error)) from None

    def keep(self, name: str, content: bytes | Path | Iterable[bytes], content_type: str) -> Kept:
        """With the invocation, until it is removed."""
        made = InvocationFile.Origin.MADE
        try:
            kept = keep_file(self._invocation, name, content, content_type, made)
        except FileTooLarge as error:
            raise ActionError(f"“{name}” cannot be kept: {error}") from None
        except OSError as error:
            raise ActionError(f"“{name}” cannot be kept: {error.strerror}. Tell your studio manager.") from None
        return Kept(kept.name, kept.get_absolute_url(), kept.size)

    def drawer(self, of: type[Found]) -> Found:
        """What `DRAWERS` has for this invocation."""
        make = DRAWERS.get(of)
        if make is None:
            raise ActionError(f"There is no {of.__name__} here.")
        return cast("Found", make(self._invocation))

    def ticket(self, content: Mapping[str, Any], minutes: int, *, same_address: bool = False) -> str:
        """Its id; the page gives the link to the person of the invocation."""
        if not self._gave_tickets:
            self._gave_tickets = True
            withdraw(self._invocation)
        return str(make_ticket(self._invocation, content, minutes, same_address=same_address).pk)
