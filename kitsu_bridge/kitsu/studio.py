"""Which Kitsu the bridge stands beside: the one of the settings, else the sample studio."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from kitsu_bridge.kitsu.interface import Studio


@lru_cache(maxsize=1)
def studio() -> Studio:
    """The one studio of this process."""
    if settings.KITSU_URL:
        from kitsu_bridge.kitsu.client import ZouStudio

        return ZouStudio(
            settings.KITSU_URL,
            bot_token=settings.KITSU_BOT_TOKEN,
            login=settings.KITSU_LOGIN,
            password=settings.KITSU_PASSWORD,
            timeout=settings.KITSU_TIMEOUT,
            events_url=settings.KITSU_EVENTS_URL,
        )
    from kitsu_bridge.kitsu.sample import SampleStudio

    return SampleStudio()
