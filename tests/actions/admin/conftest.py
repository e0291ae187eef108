from __future__ import annotations

import pytest
from django.test import Client

from kitsu_bridge.kitsu.studio import studio


@pytest.fixture
def signed_in(db, sample_person):
    """A browser signed in to Kitsu as somebody of a role."""

    def opened(role="admin"):
        client = Client(headers={"accept": "text/html"})
        client.person = sample_person(role)
        client.cookies["access_token_cookie"] = studio().log_in(client.person["email"], "any")
        return client

    return opened


@pytest.fixture
def ada(signed_in):
    """A studio manager."""
    return signed_in("admin")


@pytest.fixture(autouse=True)
def leave_kitsu_as_it_was():
    """What is published in a test is taken away again."""
    bot = studio().bot()
    before = {row["id"] for row in bot.custom_actions()}
    yield
    for row in bot.custom_actions():
        if row["id"] not in before:
            bot.delete_custom_action(row["id"])
