"""What browsers are let read, and requests of no use."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

JET = "https://app.jetadmin.io"


def test_it_works(client, settings):
    settings.JET_ORIGINS = [JET]
    answer = client.options("/api/messages/", headers={"origin": JET})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == JET
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["options", "get", "post"])
@pytest.mark.parametrize("path", ["/api/", "/api/messages/", "/api/messages"])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "*", f"{JET}.example", ""])
def test_other_pages_may_read_nothing(client, settings, method, path, origin):
    settings.JET_ORIGINS = [JET]
    answer = getattr(client, method)(path, headers={"origin": origin})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert "Origin" in answer.headers["Vary"]


def test_answers_can_be_read_by_jets_pages(client, jet, settings, an_action):
    settings.JET_ORIGINS = [JET]
    an_action()
    for answer in (jet("get_action_list", origin=JET), client.get("/api/", headers={"origin": JET})):
        assert answer.headers["Access-Control-Allow-Origin"] == JET
        assert answer.headers["Cache-Control"] == "no-store"


def test_unless_set_no_page_may(client, settings):
    assert settings.JET_ORIGINS == []
    assert "Access-Control-Allow-Origin" not in client.options("/api/messages/", headers={"origin": JET}).headers


BODIES = [
    b"\xff\xfe{",
    b'{"name": NaN}',
    b"[" * 100_000,
    b'{"name": "a", "params": "NaN"}',
    b'{"name": "\\ud800"}',
    b'{"name": "execute_action", "params": {"name": "\\u0000"}}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_breaks_it(client, a_secret, body):
    headers = {"authorization": f"Token {a_secret()}"}
    answer = client.post("/api/messages/", body, content_type="application/json", headers=headers)
    assert answer.status_code in {200, 400}


def test_it_refuses_more_than_one_call_may_have(client, a_secret, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.LARGEST_BODY = 10_000
    headers = {"authorization": f"Token {a_secret()}"}
    answer = client.post("/api/messages/", b"x" * 20_000, content_type="application/json", headers=headers)
    assert answer.status_code == 413


def test_after_too_many_wrong_tokens_none_is_looked_at(client, a_secret):
    for _ in range(31):
        answer = client.post(
            "/api/messages/", {"name": "a"}, "application/json", headers={"authorization": "Token kb_no"}
        )
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert client.post(
        "/api/messages/", {"name": "a"}, "application/json", headers={"authorization": f"Token {a_secret()}"}
    ).status_code == 429  # fmt: skip
