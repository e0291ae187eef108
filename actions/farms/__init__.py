"""Render farms: what was sent where, sent once, looked at until it ends, and told to Kitsu."""
