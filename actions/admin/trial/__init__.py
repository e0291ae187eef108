"""Trying templates in the admin: what they become on a real task, or why they cannot be filled. Nothing is run."""

from __future__ import annotations
