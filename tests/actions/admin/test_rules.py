from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Occasion, Position, Rule
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

LIST, ADD = reverse("admin:actions_rule_changelist"), reverse("admin:actions_rule_add")
DID = reverse("admin:actions_occasion_changelist")
HOSTILE = "<script>alert(1)</script>"


def sent(**fields):
    return {
        "name": HOSTILE, "enabled": "on", "event": "task:status-changed", "action_slug": "debug", "parameters": "{}",
        "runs_as": "cause", "per_minute": "20", "person_id": "",
    } | fields  # fmt: skip


def text(client, where, **data):
    response = client.get(where, data)
    assert response.status_code == 200
    return response.content.decode()


def an_occasion(rule, **fields):
    return Occasion.objects.create(
        rule=rule, rule_name=rule.name, event_id=uuid.uuid4(), event=rule.event, happened_at=timezone.now(),
        **{"outcome": Occasion.Outcome.DRY_RUN, "reason": HOSTILE} | fields,
    )  # fmt: skip


def test_it_works(ada, an_action):
    an_action()
    statuses = studio().bot().task_statuses()[:2]
    response = ada.post(ADD, sent(statuses_to=[row["id"] for row in statuses], dry_run="on"))
    assert response.status_code == 302, response.context["adminform"].form.errors
    rule = Rule.objects.get()
    assert (rule.dry_run, rule.statuses_to) == (True, [row["id"] for row in statuses])
    assert Event.objects.get(subject=rule.subject).what == Happened.RULE_CREATED
    an_occasion(rule)
    change = reverse("admin:actions_rule_change", args=[rule.pk])
    for where in (LIST, change, DID):
        page = text(ada, where)
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
    assert "Would have started" in text(ada, DID, rule__id__exact=rule.pk)
    assert ada.post(change, sent(name="Plain")).status_code == 302
    assert Event.objects.filter(subject=rule.subject).latest("id").what == Happened.RULE_CHANGED
    ada.post(reverse("admin:actions_rule_delete", args=[rule.pk]), {"post": "yes"})
    assert not Rule.objects.exists()
    assert Occasion.objects.get().rule_name == HOSTILE


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"runs_as": "person"}, "Choose the person."),
        ({"event": "task:assign", "statuses_to": "wip"}, "does not say which status"),
        ({"parameters": "[1]"}, "Write an object"),
        ({"parameters": '{"none": 1}'}, "no parameters"),
        ({"action_slug": "gone"}, "Select a valid choice"),
    ],
)
def test_it_refuses_in_words(ada, an_action, fields, says):
    an_action()
    if "statuses_to" in fields:
        fields = fields | {"statuses_to": studio().bot().task_statuses()[0]["id"]}
    assert says in ada.post(ADD, sent(**fields)).content.decode()
    assert not Rule.objects.exists()


def test_an_action_that_is_gone_is_said_so(ada, an_action):
    an_action()
    Rule.objects.create(name="x", action_slug="debug")
    Action.objects.update(enabled=False)
    assert "Debug: switched off" in text(ada, LIST)
    Action.objects.all().delete()
    assert "debug: not there any more" in text(ada, LIST)


def test_it_says_what_is_wrong_with_listening(ada):
    Position.objects.create(trouble="Kitsu is away.", gap="Some are lost.")
    page = text(ada, LIST)
    assert "Kitsu is away." in page
    assert "Some are lost." in page


def test_it_keeps_what_was_chosen_while_kitsu_is_away(ada, an_action, monkeypatch):
    an_action()
    rule = Rule.objects.create(name="x", action_slug="debug", projects=["an-id"])
    where = reverse("admin:actions_rule_change", args=[rule.pk])
    text(ada, where)
    monkeypatch.setattr("actions.admin.named.studio", lambda: Away())
    assert "an-id" in text(ada, where)


class Away:
    def bot(self):
        raise KitsuUnreachable


def test_what_rules_did_is_to_read(ada, an_action):
    an_action()
    one = an_occasion(Rule.objects.create(name="x", action_slug="debug"))
    assert ada.post(reverse("admin:actions_occasion_delete", args=[one.pk]), {"post": "yes"}).status_code == 403
    assert ada.get(reverse("admin:actions_occasion_add")).status_code == 403


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
@pytest.mark.parametrize("where", [LIST, ADD, DID])
def test_it_is_for_studio_managers_only(signed_in, role, where, db):
    assert signed_in(role).get(where).status_code in {302, 403}
