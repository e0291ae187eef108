"""Jobs for tests."""

from __future__ import annotations


def frames(name="render", **more):
    block = {"name": name, "service": "generic", "parser": "generic", "flags": 1, "command": "echo frame @#@ of @#@"}
    return block | {"frame_first": 1001, "frame_last": 1004, "frames_per_task": 2, "frames_inc": 1} | more


def tasks(name="movie", **more):
    block = {"name": name, "service": "generic", "flags": 0, "tasks": [{"name": "mp4", "command": "echo mp4"}]}
    return block | more


def job(*blocks, **more):
    whole = {"name": "Bridge / SH010 “Ä”", "user_name": "kitsu", "host_name": "kitsu-bridge", "offline": True}
    return whole | {"blocks": list(blocks or (frames(), tasks(depend_mask="render")))} | more
