"""What `manage.py check` finds wrong with the installation, each with an id and a cure.

What needs the network is asked with `manage.py check --deploy` only, so that a start stays fast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from kitsu_bridge import env
from kitsu_bridge.kitsu.errors import KitsuError, NotKitsu, SignInRefused, TokenRejected
from kitsu_bridge.kitsu.studio import studio

Found = tuple[Callable[[], bool], str, str, str]

WRONG: tuple[Found, ...] = (
    (
        lambda: not settings.EMBEDDED and not settings.CACHE_URL,
        "kitsu_bridge.W001",
        "There is a broker, and the cache is the memory of each process: no waiting token reaches a worker.",
        "Set CACHE_URL to a Redis, such as redis://host:6379/1.",
    ),
    (
        lambda: not settings.EMBEDDED and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        "kitsu_bridge.W002",
        "There is a broker, and the database is a SQLite file: workers of other machines cannot reach it.",
        "Set DATABASE_URL to a PostgreSQL.",
    ),
    (
        lambda: not settings.EMBEDDED and not env.secret("SECRET_KEY"),
        "kitsu_bridge.W003",
        "There is a broker, and SECRET_KEY was made by this machine: workers of other machines cannot read a token.",
        "Set the same SECRET_KEY for all processes.",
    ),
    (
        lambda: settings.BRIDGE_URL.startswith("http:") and settings.KITSU_PUBLIC_URL.startswith("https:"),
        "kitsu_bridge.W004",
        "Kitsu is on https and the bridge on http: browsers warn before a form and block background actions.",
        "Serve the bridge on https and correct BRIDGE_URL.",
    ),
    (
        lambda: settings.DEBUG and not _is_loopback(settings.BRIDGE_URL or f"http://{settings.HOST}"),
        "kitsu_bridge.W005",
        "DEBUG is on where others can reach the bridge: its error pages show the source and the settings.",
        "Unset DEBUG.",
    ),
)
"""Settings that are good each for itself and wrong together: when, id, what it costs, cure."""


@checks.register()
def settings_fit_together(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Each row of `WRONG` that holds."""
    return [checks.Warning(text, hint=hint, id=code) for wrong, code, text, hint in WRONG if wrong()]


@checks.register(deploy=True)
def kitsu_answers(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Whether the Kitsu of the settings answers, knows the bridge's account, and lets it publish."""
    try:
        studio().version()
        account = studio().bot().whoami()
    except (TokenRejected, SignInRefused) as error:
        hint = "Make a bot in Kitsu (Admin > Bots) and put its token into KITSU_BOT_TOKEN."
        return [checks.Error(f"Kitsu does not accept the bridge's account. {error}", hint=hint, id="kitsu_bridge.E002")]
    except NotKitsu as error:
        return [checks.Error(str(error), hint="Correct KITSU_URL.", id="kitsu_bridge.E003")]
    except KitsuError as error:
        hint = "Check KITSU_URL and the network between; the bridge starts all the same and waits for Kitsu."
        return [checks.Error(str(error), hint=hint, id="kitsu_bridge.E001")]
    if account.get("role") == "admin":
        return []
    text = "The bridge's account is no studio manager in Kitsu: it cannot publish actions and sees only its own teams."
    hint = "Give the bot the role of a studio manager in Kitsu (Admin > Bots)."
    return [checks.Warning(text, hint=hint, id="kitsu_bridge.W006")]


def _is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in {"localhost", "127.0.0.1", "::1"}
