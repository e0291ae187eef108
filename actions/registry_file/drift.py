"""Whether the registry is as the file says that the studio keeps in git, where `REGISTRY_PATH` names one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.core.cache import cache

from actions.registry_file.planning import Plan, plan
from actions.registry_file.reading import WrongFile
from kitsu_bridge.kitsu.errors import KitsuError

log = structlog.get_logger(__name__)

KEPT = 30
"""Seconds for which lists say what was found."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What bringing the file in would do, or why nobody can say. `text`: of the file."""

    path: str
    plan: Plan = Plan(())
    trouble: str = ""
    text: str = ""

    @property
    def sentence(self) -> str:
        """How it stands; empty where nothing differs."""
        if self.trouble:
            return f"The registry cannot be compared with {self.path}: {self.trouble}"
        count = len(self.plan.changes)
        return f"The registry differs from {self.path} in {count:,} place{'' if count == 1 else 's'}." if count else ""


def drift() -> Drift | None:
    """Compare now; None where no file is kept."""
    path = settings.REGISTRY_PATH
    if not path:
        return None
    try:
        text = Path(path).read_text(encoding="utf-8")
        return Drift(path, plan(text), text=text)
    except UnicodeDecodeError:
        return Drift(path, trouble="it is no UTF-8.")
    except OSError as error:
        return Drift(path, trouble=f"{error.strerror or type(error).__name__}.")
    except (WrongFile, KitsuError) as error:
        return Drift(path, trouble=str(error))


def drift_in_words() -> str:
    """The sentence of at most half a minute ago."""
    if not settings.REGISTRY_PATH:
        return ""
    found: str | None = cache.get("registry-drift")
    if found is None:
        compared = drift()
        found = compared.sentence if compared else ""
        cache.set("registry-drift", found, KEPT)
    return found


def forget_drift() -> None:
    """Compare anew the next time."""
    cache.delete("registry-drift")


def warn_of_drift() -> None:
    """At the start."""
    if sentence := drift_in_words():
        log.warning(
            sentence, cure="manage.py actions plan says where; apply brings the file in, export writes it anew."
        )
