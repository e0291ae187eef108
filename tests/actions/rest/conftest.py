from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from actions import tokens
from actions.line import queue
from actions.models import Token
from actions.worker.run import carry_out
from kitsu_bridge.kitsu.studio import studio

API = "/api/v1"


class Program:
    """A program with a token: `program.get("actions/")`."""

    def __init__(self, secret=""):
        self.secret = secret
        self.client = Client(headers={"authorization": f"Bearer {secret}"} if secret else {})
        self.client.raise_request_exception = False

    def get(self, path, query=None, **headers):
        return self.client.get(f"{API}/{path}", query, headers=headers)

    def send(self, method, path, body=None, **headers):
        call = getattr(self.client, method)
        return call(f"{API}/{path}", body, content_type="application/json", headers=_named(headers))

    def post(self, path, body=None, **headers):
        return self.send("post", path, {} if body is None else body, **headers)


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def program():
    """With the session of somebody of the sample studio; "" for nobody."""

    def make(name="ada", secret=None):
        if secret is None:
            secret = studio().log_in(f"{name}@sample.studio", "any") if name else ""
        return Program(secret)

    return make


@pytest.fixture
def bridge_token(sample_person):
    """A program with a bridge token: `bridge_token("manager", action_slugs=["review"])`."""

    def make(role="admin", **fields):
        row = sample_person(role)
        given = {"name": "Exporter", "expires_at": timezone.now() + timedelta(days=1)} | fields
        made = tokens.make(Token(person_id=row["id"], person_name=row["full_name"], **given), None)
        return Program(made.secret), made.token

    return make


@pytest.fixture
def at_once(monkeypatch):
    """Workers that carry out what they get in the same moment."""
    monkeypatch.setattr(queue, "send", lambda invocation: carry_out(str(invocation.pk)) or True)


@pytest.fixture
def kept_back(monkeypatch):
    """No worker takes anything."""
    monkeypatch.setattr(queue, "send", lambda invocation: True)
