"""The files that Kitsu takes as previews, by their endings (zou/app/blueprints/previews/resources.py in Zou 1.0.97)."""

from __future__ import annotations

PICTURES = ("jpe", "jpeg", "jpg", "png")
MOVIES = ("avi", "m4v", "mkv", "mov", "mp4", "webm", "wmv")
FILES = (
    "ae", "ai", "blend", "clip", "comp", "diff", "exr", "fbx", "fla", "flv", "gif", "glb", "gltf", "hip", "kra", "ma", "mb",
    "md", "mp3", "obj", "pdf", "psd", "psb", "rar", "rev", "riv", "sai", "sai2", "sbbkp", "svg", "swf", "tvpp", "wav", "zip",
)  # fmt: skip
"""What Kitsu keeps and gives back as it is; some of them its page can show."""

STORED_AS = dict.fromkeys(PICTURES, "png") | dict.fromkeys(MOVIES, "mp4") | {one: one for one in FILES}
"""A file's ending -> what Kitsu makes of it."""
