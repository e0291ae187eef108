"""REST does what its own OpenAPI document says, whatever is sent and whoever sends it.

Few examples of each operation, always the same ones. For many, new ones, and all bounds of every parameter:
`REST_EXAMPLES=200 pytest tests/actions/rest/test_schema.py`.
"""

from __future__ import annotations

import os
import re
import uuid

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from actions.models import Action
from actions.rest.reference import Schema, document
from actions.rest.resource import Nothing
from actions.rest.urls import urlpatterns
from audit.models import Invocation
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
"""Not that all that fits is taken: a schema cannot say which tasks, kinds and places in a page there are."""

schema = schemathesis.openapi.from_dict(document())
schema.app = application
OPERATIONS = [(method, path) for path, methods in document()["paths"].items() for method in methods]
EXAMPLES = int(os.environ.get("REST_EXAMPLES", "4"))
MANY = EXAMPLES > 4
schema.config.phases.coverage.enabled = MANY  # Hundreds of cases an operation.


@pytest.fixture
def everybody(settings, kept_back, bridge_token, a_queued_invocation):
    """The headers of nobody, a token for little, an artist, a manager and a studio manager; nothing is too often.

    There is an action and an invocation to ask for, so that not all is 404.
    """
    settings.RATE_PER_ADDRESS = settings.RATE_PER_PERSON = "1000000/minute"
    action = Action.objects.create(name="Debug", slug="debug", kind="debug")
    a_queued_invocation(action)
    held, _ = bridge_token("supervisor", action_slugs=["debug"], production_ids=[production()])
    people = [studio().log_in(f"{name}@sample.studio", "any") for name in ("noa", "hana", "ada")]
    return [{}, {"Authorization": f"Bearer {held.secret}"}, *({"Authorization": f"Bearer {one}"} for one in people)]


def production():
    return studio().bot().projects()[0]["id"]


def aimed(case):
    """Of what is asked rightly, every second one is about what there is."""
    if case.meta.generation.mode.is_negative:
        return
    there = {"slug": "debug", "id": str(Invocation.objects.earliest("received_at").pk), "project_id": production()}
    for name, value in there.items():
        if name in (case.path_parameters or {}) and sum(map(ord, str(case.path_parameters[name]))) % 2:
            case.path_parameters[name] = value


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=not MANY,
)
def test_it_works(case, everybody):
    aimed(case)
    for headers in everybody:
        case.call_and_validate(headers=headers, checks=CHECKS)


def test_it_is_every_operation():
    """As the addresses have it: nothing stands beside the document."""
    described = {(re.sub(r"\{\w+\}", "{}", path), method) for method, path in OPERATIONS}
    assert described == {
        (f"/api/v1/{re.sub(r'<[^>]+>', '{}', str(one.pattern))}", method)
        for one in urlpatterns
        if hasattr(one.callback, "cls") and one.callback.cls not in {Schema, Nothing}
        for method in ("get", "post", "patch", "delete")
        if hasattr(one.callback.cls, method)
    }


def test_it_is_openapi_3_1(client):
    answer = client.get("/api/v1/schema/")
    found = answer.json()
    assert (answer.status_code, found["openapi"]) == (200, "3.1.0")
    assert len(found["paths"]) > 20
    named = [one["operationId"] for path in found["paths"].values() for one in path.values() if "operationId" in one]
    assert len(named) == len(set(named))


def test_the_page_shows_every_operation_and_no_script_of_others(client):
    page = client.get("/api/v1/", headers={"accept": "text/html"})
    text = page.content.decode()
    for address in document()["paths"]:
        assert address in text
    assert "style=" not in text
    assert "`" not in text


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_says_when_to_come_again(method, path, settings, program):
    """One request too many, whatever it is about."""
    settings.RATE_PER_ADDRESS = "1/hour"
    ada, filled = program(), re.sub(r"\{id\}", str(uuid.uuid4()), re.sub(r"\{(slug|project_id|figure)\}", "none", path))
    call = getattr(ada.client, method)
    assert call(filled, headers={"if-match": "*"}).status_code != 429
    answer = call(filled, headers={"if-match": "*"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["code"] == "rate"
