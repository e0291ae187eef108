"""Who is told metrics, and that one part that is down does not hide the rest."""

from __future__ import annotations

import pytest
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from kitsu_bridge.metrics import sources

pytestmark = pytest.mark.django_db
TOKEN = "long-enough-for-a-token"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def get(client):
    """Asks for metrics: `get(token, **environment)`."""

    def asked(token="", **environment):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return client.get(reverse("metrics"), headers=headers, **environment)

    return asked


def values(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_works(get):
    answer = get()
    assert answer["Content-Type"].startswith("text/plain")
    found = values(answer.text)
    assert found["kitsu_bridge_part_up", ("part", "kitsu")] == 1
    assert found["kitsu_bridge_part_up", ("part", "sweeper")] == 0
    assert all(value == 1 for key, value in found.items() if key[0] == "kitsu_bridge_source_up")
    assert ("kitsu_bridge_part_answer_seconds", ("part", "kitsu")) in found


@pytest.mark.parametrize(
    ("told_to", "address", "status"),
    [
        (["127.0.0.0/8", "::1"], "127.0.0.1", 200),
        (["127.0.0.0/8", "::1"], "::1", 200),
        (["127.0.0.0/8", "::1"], "::ffff:127.0.0.1", 200),
        (["127.0.0.0/8", "::1"], "203.0.113.7", 403),
        (["203.0.113.0/24"], "203.0.113.7", 200),
        (["203.0.113.0/24"], "127.0.0.1", 403),
        (["127.0.0.0/8"], "", 403),
    ],
)
def test_it_goes_by_the_address(get, settings, told_to, address, status):
    settings.METRICS_FROM = told_to
    assert get(REMOTE_ADDR=address).status_code == status


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"])
def test_a_proxy_on_this_machine_opens_nothing(get, header):
    assert get(REMOTE_ADDR="127.0.0.1", **{header: "203.0.113.7"}).status_code == 403


def test_a_trusted_proxy_says_whose_address_it_is(get, settings):
    settings.TRUST_PROXY = True
    assert get(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 403
    assert get(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7, 127.0.0.1").status_code == 200


def test_a_token_opens_it_from_anywhere(get, settings):
    settings.METRICS_TOKEN = TOKEN
    assert get(TOKEN, **ELSEWHERE).status_code == 200
    for wrong in ("", TOKEN[:-1], f"{TOKEN}x", "é"):
        answer = get(wrong, **ELSEWHERE)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')


def test_nobody_guesses_for_long(get, settings):
    settings.METRICS_TOKEN = TOKEN
    codes = [get("wrong", **ELSEWHERE).status_code for _ in range(32)]
    assert codes[0] == 401
    assert codes[-1] == 429


def test_a_source_that_breaks_is_left_out_and_named(get, monkeypatch, caplog):
    def broken():
        raise OSError("postgres://user:hidden-word@host")

    monkeypatch.setattr(sources, "_sources", [*sources._sources, broken])
    text = get().text
    found = values(text)
    assert found["kitsu_bridge_source_up", ("source", "broken")] == 0
    assert found["kitsu_bridge_source_up", ("source", "health")] == 1
    assert "hidden-word" not in text + caplog.text


def test_it_speaks_openmetrics_too(client):
    answer = client.get(reverse("metrics"), headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.rstrip().endswith("# EOF")
