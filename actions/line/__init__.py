"""The line that every door leads into: judged, recorded, staged, queued, and looked after while it waits."""
