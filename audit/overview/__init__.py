"""Figures about the bridge itself: what was asked for, what came of it, and how long it took."""
