"""Broken requests to send on purpose, to see what an artist would see. The script of the page makes them."""

from __future__ import annotations

BROKEN = (
    ("empty", "Empty selection", "As Kitsu 0.20.88 sent when its selection was lost."),
    ("unknown", "Unknown tasks", "Ids that stand for nothing: tasks that were deleted since the page was loaded."),
    ("words", "No ids", "Words where ids should be, with one good id among them."),
    (
        "strangers",
        "Another production's tasks",
        "The page says one, the tasks are of another: the gate goes by the tasks.",
    ),
    ("somebody", "Somebody else's name", "The call claims another person than the one who is signed in."),
    ("single", "A single id", "As Kitsu's guide writes it: one id in a text. This one is fine."),
    ("repeated", "Repeated fields", "The selection as a field of its own for each task. This one is fine."),
    ("json", "JSON that does not parse", "Cut off in the middle."),
    ("text", "A wrong content type", "Plain text."),
    ("get", "A link", "GET in place of POST: it must ask before it runs."),
    ("large", "Too large a body", "More bytes than the bridge takes."),
)
"""Name, title, and what it is."""
