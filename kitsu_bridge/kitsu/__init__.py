"""Kitsu itself: the client, the sample studio behind the same interface, and sign-in with a Kitsu account."""
