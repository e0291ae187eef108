"""The record in the admin: to read, never to change."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Event, Invocation
from audit.states import Happened

pytestmark = pytest.mark.django_db

MODELS = ("invocation", "event")


@pytest.fixture
def written(an_invocation):
    invocation = an_invocation(action_name="<b>Review</b>")
    event = invocation.event(Happened.FINISHED, text="<script>")
    event.save()
    return {"invocation": invocation, "event": event}


@pytest.mark.parametrize("model", MODELS)
def test_it_works(model, browser, written):
    admin = browser("ada")
    text = admin.get(reverse(f"admin:audit_{model}_changelist")).text
    assert "<b>Review</b>" not in text
    assert admin.get(reverse(f"admin:audit_{model}_change", args=[written[model].pk])).status_code == 200


def test_it_leads_to_the_page(browser, written):
    text = browser("ada").get(reverse("admin:audit_invocation_changelist")).text
    assert f'href="{written["invocation"].get_absolute_url()}"' in text


@pytest.mark.parametrize("model", MODELS)
def test_it_refuses_to_change_anything(model, browser, written):
    admin = browser("ada")
    one = [written[model].pk]
    for url in (
        reverse(f"admin:audit_{model}_add"),
        reverse(f"admin:audit_{model}_change", args=one),
        reverse(f"admin:audit_{model}_delete", args=one),
    ):
        assert admin.post(url, {"post": "yes", "state": "failed"}).status_code == 403
    admin.post(reverse(f"admin:audit_{model}_changelist"), {"action": "delete_selected", "_selected_action": one})
    assert (Invocation.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", ["hana", "greta", "noa", "clara", "pixelworks"])
def test_it_is_for_studio_managers(model, name, browser, written):
    assert browser(name).get(reverse(f"admin:audit_{model}_changelist")).status_code != 200
