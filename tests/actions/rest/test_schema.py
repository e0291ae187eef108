"""REST does what its own OpenAPI document says, whatever is sent."""

from __future__ import annotations

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
from actions.rest.reference import document
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
schema.config.phases.coverage.enabled = False  # Hundreds of cases an operation: bounded examples are enough here.
ADA = "ada@sample.studio"


@pytest.fixture
def ready(settings, kept_back):
    """An action to ask for, so that not all is 404; nothing is too often."""
    settings.RATE_PER_ADDRESS = settings.RATE_PER_PERSON = "100000/minute"
    Action.objects.create(name="Debug", slug="debug", kind="debug")


@schema.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
def test_it_works(case, ready):
    if "slug" in (case.path_parameters or {}) and len(str(case.path_parameters["slug"])) % 2:
        case.path_parameters["slug"] = "debug"
    token = studio().log_in(ADA, "any")
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


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
