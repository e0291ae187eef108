"""The log as a file is for people: no token reaches beyond its actions and productions by it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event, Export
from audit.states import Happened

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scope", [{}, {"action_slugs": ["review"]}])
def test_it_works(bridge_token, scope):
    """Neither as a bearer nor in the place of a cookie of Kitsu's."""
    program, _ = bridge_token(**scope)
    secret = program.client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    browser = Client()
    browser.cookies["access_token_cookie"] = secret
    for client in (program.client, browser):
        for form in ("csv", "jsonl", "xlsx"):
            answer = client.post(reverse("log_export"), {"form": form})
            assert answer["Location"].startswith(reverse("sign_in"))
        assert client.get(reverse("log"))["Location"].startswith(reverse("sign_in"))
    assert (Event.objects.filter(what=Happened.EXPORTED).count(), Export.objects.count()) == (0, 0)
