"""What the actions know of a person is gone when that person is erased: rules, occasions and kept answers among it."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from actions.forgetting import forget
from actions.models import KeptAnswer, Occasion, Rule
from audit.retention.whose import ERASED_ID, Whose

pytestmark = pytest.mark.django_db

HER, OTHER = str(uuid.uuid4()), str(uuid.uuid4())


@pytest.fixture
def a_rule():
    def make(name, **fields):
        return Rule.objects.create(name=name, event="task:status-changed", action_slug="debug", **fields)

    return make


def erase():
    forget(whose=Whose(HER, frozenset(), frozenset({"Hana"})))


def test_it_works(a_rule):
    as_her, for_her = a_rule("As her", person_id=HER), a_rule("For her", persons=[HER])
    for_both, others = a_rule("For both", persons=[HER, OTHER]), a_rule("Others", persons=[OTHER], person_id=OTHER)
    Occasion.objects.create(
        rule=others, rule_name="x", event_id=uuid.uuid4(), event="task:status-changed", happened_at=timezone.now(),
        person_id=HER, outcome=Occasion.Outcome.STARTED,
    )  # fmt: skip
    erase()
    for rule in (as_her, for_her, for_both, others):
        rule.refresh_from_db()
    assert (as_her.person_id, as_her.enabled) == (ERASED_ID, False)
    assert (for_her.persons, for_her.enabled) == ([], False)
    assert (for_both.persons, for_both.enabled) == ([OTHER], True)
    assert (others.persons, others.person_id, others.enabled) == ([OTHER], OTHER, True)
    assert Occasion.objects.get().person_id == ERASED_ID


def test_answers_kept_for_her_programs_go():
    KeptAnswer.objects.create(owner=f"person:{HER}", key="a")
    KeptAnswer.objects.create(owner=f"person:{OTHER}", key="a")
    erase()
    assert [one.owner for one in KeptAnswer.objects.all()] == [f"person:{OTHER}"]
