from __future__ import annotations

from django.urls import reverse

from audit.models import Event, RetentionRule
from audit.states import Happened
from tests.audit.conftest import browser, row  # noqa: F401 - fixtures


def changes():
    return [
        (event.actor_id, event.data["before"].get("days"), event.data["after"].get("days"))
        for event in Event.objects.filter(what=Happened.RETENTION_CHANGED)
    ]


def test_it_works(browser, ran):  # noqa: F811
    """Made, changed and taken back in the admin, each time with an event that says who."""
    ada, me = browser("ada"), row("ada")["id"]
    ran(40)
    sent = {"part": "payload", "state": "", "days": "30"}
    assert ada.post(reverse("admin:audit_retentionrule_add"), sent).status_code == 302
    rule = RetentionRule.objects.get()
    page = ada.get(reverse("admin:audit_retentionrule_changelist")).content.decode()
    assert "Payload, as it was sent: 1 invocation." in " ".join(page.split())
    ada.post(reverse("admin:audit_retentionrule_change", args=[rule.pk]), sent | {"days": "60"})
    ada.post(reverse("admin:audit_retentionrule_delete", args=[rule.pk]), {"post": "yes"})
    assert changes() == [(me, None, 30), (me, 30, 60), (me, 60, None)]
    assert not RetentionRule.objects.exists()


def test_it_refuses_no_days_at_all(browser):  # noqa: F811
    answer = browser("ada").post(reverse("admin:audit_retentionrule_add"), {"part": "payload", "days": "0"})
    assert answer.status_code == 200
    assert not RetentionRule.objects.exists()


def test_it_refuses_who_is_no_studio_manager(browser):  # noqa: F811
    assert browser("hana").get(reverse("admin:audit_retentionrule_changelist")).status_code == 302
