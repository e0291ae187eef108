"""With whose right the admin reads and writes Kitsu."""

from __future__ import annotations

from django.http import HttpRequest

from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.studio import studio


def session_of(request: HttpRequest) -> Kitsu:
    """The person's own right where they are a studio manager at Kitsu; the bot's for a local user."""
    identity = identity_of(request)
    if identity.person is not None and identity.person.is_studio_manager:
        return studio().session(identity.token)
    return studio().bot()
