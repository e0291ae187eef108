"""The real Kitsu: Zou's routes behind the interface. This package and `transport.py` alone know HTTP."""

from __future__ import annotations

from kitsu_bridge.kitsu.client.studio import ZouKitsu, ZouStudio

__all__ = ["ZouKitsu", "ZouStudio"]
