"""The sample studio: an invented Kitsu in memory, behind the same interface as the real one."""

from __future__ import annotations

from kitsu_bridge.kitsu.sample.studio import SampleKitsu, SampleStudio

__all__ = ["SampleKitsu", "SampleStudio"]
