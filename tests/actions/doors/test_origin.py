from __future__ import annotations

import pytest
from django.test import RequestFactory

from actions.doors.origin import Origin, allow_origin, origin_of, preflight
from kitsu_bridge.address import address_of
from tests.payloads import recorded

factory = RequestFactory()


@pytest.fixture(autouse=True)
def kitsu(settings):
    settings.KITSU_ORIGINS = ["http://127.0.0.1:28080"]
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.mark.parametrize(
    ("header", "origin"),
    [
        ("http://127.0.0.1:28080", Origin.KNOWN),
        ("HTTP://127.0.0.1:28080", Origin.KNOWN),
        ("http://testserver", Origin.KNOWN),
        ("", Origin.NONE),
        ("null", Origin.NULL),
        ("http://127.0.0.1:28081", Origin.FOREIGN),
        ("https://127.0.0.1:28080", Origin.FOREIGN),
        ("http://127.0.0.1:28080.evil.example", Origin.FOREIGN),
        ("http://evil.example", Origin.FOREIGN),
        ("*", Origin.FOREIGN),
    ],
)
def test_it_knows_kitsu_and_itself_and_nobody_else(header, origin):
    assert origin_of(factory.post("/run/x/", headers={"origin": header})) is origin


def test_it_answers_the_preflight_that_a_browser_really_sends():
    asked = recorded("preflight")
    response = preflight(factory.options("/run/x/", headers=asked.headers | {"host": "testserver"}))
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == asked.headers["origin"]
    assert response["Access-Control-Allow-Credentials"] == "true"
    assert asked.headers["access-control-request-method"] in response["Access-Control-Allow-Methods"]
    assert asked.headers["access-control-request-headers"] in response["Access-Control-Allow-Headers"]


def test_it_allows_no_other_origin():
    response = preflight(factory.options("/run/x/", headers={"origin": "http://evil.example"}))
    assert "Access-Control-Allow-Origin" not in response
    assert "Origin" in allow_origin(factory.post("/"), response)["Vary"]


def test_it_believes_a_proxy_only_when_told(settings):
    request = factory.post("/", headers={"x-forwarded-for": "9.9.9.9, 8.8.8.8"}, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == "10.0.0.1"
    settings.TRUST_PROXY = True
    assert address_of(request) == "8.8.8.8"
