from __future__ import annotations

import pytest
from django.test import Client

from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio


def row(name):
    return next(one for one in studio().people() if one["email"] == f"{name}@sample.studio")


@pytest.fixture
def browser(db):
    """A browser signed in to Kitsu as somebody of the sample studio by the name in their e-mail, or as nobody."""

    def opened(name=""):
        client = Client(headers={"accept": "text/html"})
        if name:
            client.cookies["access_token_cookie"] = studio().log_in(f"{name}@sample.studio", "any")
        return client

    return opened


@pytest.fixture
def project_ids():
    """Ids of the sample studio's productions by name."""
    return {one["name"]: one["id"] for one in studio().bot().projects()}


@pytest.fixture
def an_invocation(db):
    """Makes an invocation of a person: `an_invocation("noa", state=...)`."""

    def make(name="noa", *, trust=Trust.PROVEN, **fields):
        invocation = Invocation(**({"door": Door.FORM, "state": State.SUCCEEDED, "action_name": "Review", "kind": "debug",
                                    "definition": {"time_limit": 60, "description": ""}} | fields))  # fmt: skip
        if name:
            invocation.set_person(Person.from_record(row(name)), trust)
        invocation.save()
        return invocation

    return make
