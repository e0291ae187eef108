"""The registry in the admin."""

from __future__ import annotations

from actions.admin.action import ActionAdmin

__all__ = ["ActionAdmin"]
