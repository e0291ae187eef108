"""xSTUDIO: `xstudio://add_media?media=/a.mov&media=/b.mov`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from actions.clients.protocols.files import Clip
from actions.clients.protocols.scheme import checked_url

SCHEME = "xstudio"


def url(clips: Sequence[Clip]) -> str:
    """The link that adds these files to xSTUDIO, in their order."""
    media = "&".join(f"media={quote(clip.path, safe='')}" for clip in clips)
    return checked_url(f"{SCHEME}://add_media?{media}", SCHEME, "add_media")
