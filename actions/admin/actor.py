"""Who acts in the admin."""

from __future__ import annotations

from kitsu_bridge.kitsu.signin.acting import actor_of

__all__ = ["actor_of"]
