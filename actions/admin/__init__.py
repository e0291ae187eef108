"""The registry in the admin."""

from __future__ import annotations

from actions.admin.action import ActionAdmin
from actions.admin.kinds import KindAdmin

__all__ = ["ActionAdmin", "KindAdmin"]
