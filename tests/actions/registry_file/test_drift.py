"""The registry beside its file, as the admin shows it and the start says it."""

from __future__ import annotations

import logging

import pytest
from django.urls import reverse

from actions.models import Action
from actions.registry_file.drift import drift, drift_in_words, forget_drift, warn_of_drift
from audit.models import Event
from audit.states import Happened
from tests.actions.admin.conftest import ada, signed_in

__all__ = ["ada", "signed_in"]

LIST, PAGE = reverse("admin:actions_action_changelist"), reverse("admin:actions_action_drift")
TEXT = "version: 1\nactions:\n  kept:\n    name: Kept <b>in git</b>\n    kind: debug\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(settings, tmp_path):
    """The registry's file, with one action."""
    found = tmp_path / "registry.yaml"
    found.write_text(TEXT)
    settings.REGISTRY_PATH = str(found)
    return found


def shown(client, where):
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(ada, listed, an_action):
    an_action("debug", "by-hand")
    assert f"The registry differs from {listed} in 2 places." in shown(ada, LIST)
    page = shown(ada, PAGE)
    assert "New: <bdi" in page
    assert "Kept &lt;b&gt;in git&lt;/b&gt;" in page
    assert "Not in the file" in page
    assert '<bdi class="wrap-anywhere">by-hand</bdi>' in page
    assert "approval_hours" not in page  # As usual.
    assert ada.post(PAGE).status_code == 302
    kept = Action.objects.get(slug="kept")
    assert Event.objects.get(what=Happened.ACTION_CREATED).actor_name
    assert "Bring the file in" not in shown(ada, PAGE)
    Action.objects.filter(pk=kept.pk).update(roles=["client"])
    assert "&#x27;client&#x27;" in shown(ada, PAGE)
    Action.objects.filter(slug="by-hand").delete()
    ada.post(PAGE)
    assert "The registry is as the file says." in shown(ada, PAGE)
    assert "differs from" not in shown(ada, LIST)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file or directory"),
        (b"\xff\xfe", "no UTF-8"),
        (b"version: 2", "version: 1"),
        (TEXT.encode() + b"    roles: [king]\n", "Write a list of some of"),
    ],
)
def test_it_says_what_is_wrong_with_the_file(ada, listed, text, says):
    if text is None:
        listed.unlink()
    else:
        listed.write_bytes(text)
    assert says in shown(ada, PAGE)
    ada.post(PAGE)
    assert not Action.objects.exists()


def test_the_start_says_it(listed, caplog):
    with caplog.at_level(logging.WARNING):
        warn_of_drift()
    assert "differs from" in caplog.text
    forget_drift()


def test_without_a_file_nothing_is_said(ada, settings):
    settings.REGISTRY_PATH = ""
    assert (drift(), drift_in_words()) == (None, "")
    assert ada.get(PAGE).status_code == 404
    assert "differs from" not in shown(ada, LIST)


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, listed, role):
    client = signed_in(role)
    assert client.get(PAGE).status_code in {302, 403}
    assert client.post(PAGE).status_code in {302, 403}
    assert not Action.objects.exists()
