from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from actions import tokens
from actions.jet import handlers
from actions.line import queue
from actions.models import Token
from kitsu_bridge.kitsu.studio import studio


@pytest.fixture(autouse=True)
def unsent(monkeypatch):
    monkeypatch.setattr(queue, "send", lambda invocation: True)


@pytest.fixture
def no_handlers():
    """The table of the studio's handlers is empty before and after."""
    handlers._table.clear()
    yield
    handlers._table.clear()


@pytest.fixture
def a_secret(db):
    """Makes a bridge token for a person of the sample studio: `a_secret("hana@sample.studio", action_slugs=["debug"])`."""

    def make(email="ada@sample.studio", **fields):
        row = next(one for one in studio().bot().persons() if one["email"] == email)
        about = {"name": "Jet", "expires_at": timezone.now() + timedelta(days=1)} | fields
        return tokens.make(Token(person_id=row["id"], person_name=row["full_name"], **about), None).secret

    return make


@pytest.fixture
def jet(client, a_secret):
    """Sends a message: `jet("execute_action", {...}, secret=..., **headers)`."""
    first = []

    def send(name, params=None, secret=None, **headers):
        if secret is None:
            first[:] = first or [a_secret()]
        headers = {"authorization": f"Token {secret or first[0]}"} | headers
        body = json.dumps({"name": name} | ({} if params is None else {"params": params}))
        return client.post("/api/messages/", body, content_type="application/json", headers=headers)

    return send
