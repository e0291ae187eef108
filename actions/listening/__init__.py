"""Kitsu's events: heard, fitted to the rules of the admin, and each started at most once."""
