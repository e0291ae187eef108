"""Writes down with which settings a process begins, where they are not those of its last beginning."""

from __future__ import annotations

import socket
from typing import Any

from audit.models import Event, write_event
from audit.states import Happened
from kitsu_bridge import env
from kitsu_bridge.masking import masked
from kitsu_bridge.secrets import fingerprint

HIDDEN = "not shown"
"""Stands for all secrets: under their own names they would be masked, digits and all."""


def record_settings(process: str) -> bool:
    """For `serve`, `work` or `sweep` on this machine; False where nothing changed. Of secrets it tells that they changed."""
    subject = f"settings:{process}@{socket.gethostname()}"
    last = Event.objects.filter(subject=subject).order_by("-id").first()
    before: dict[str, Any] = last.data.get("settings", {}) if last else {}
    now = settings_now()
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if not changed:
        return False
    data = {
        "before": {name: before[name] for name in changed if name in before},
        "after": {name: now[name] for name in changed if name in now},
        "settings": now,
    }
    write_event(Happened.SETTINGS_CHANGED, subject=subject, text=", ".join(changed), data=data)
    return True


def settings_now() -> dict[str, str]:
    """Every variable that is set, as it is set; of secrets a few digits each, that nobody gets one back from."""
    secrets = {name: value for name in sorted(env.secrets_heard) if (value := env.secret(name))}
    hidden = ", ".join(f"{name} {fingerprint(value)[:8]}" for name, value in secrets.items())
    found: dict[str, str] = masked(dict(env.heard))
    return {**found, HIDDEN: hidden} if hidden else found
