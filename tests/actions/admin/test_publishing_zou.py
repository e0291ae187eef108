"""Publishing to a real Zou, with a studio manager's own token."""

from __future__ import annotations

import os

import pytest

from actions.models import Action
from actions.publish import carry_out, plan
from kitsu_bridge.kitsu.client import ZouStudio

pytestmark = [pytest.mark.zou, pytest.mark.django_db]
BASE = "https://kitsu.studio/bridge/"


@pytest.fixture
def kitsu():
    studio = ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"])
    session = studio.session(studio.log_in("admin@studio.test", os.environ["TEST_ZOU_PASSWORD"]))
    before = {row["id"] for row in session.custom_actions()}
    yield session
    for row in session.custom_actions():
        if row["id"] not in before:
            session.delete_custom_action(row["id"])


def publish(kitsu):
    found = plan(kitsu, BASE)
    assert [problem for _, problem in carry_out(found.todo, kitsu, BASE, None)] == [""] * len(found.todo)
    return {step.name: step.what for step in found.steps}


def test_it_creates_updates_and_removes(kitsu, an_action):
    foreign = kitsu.create_custom_action(
        {"name": "Foreign", "url": "https://a.example/", "entity_type": "all", "is_ajax": False}
    )
    action = an_action(name="Review", slug="review", entity_types=["shot"], background=True)
    assert publish(kitsu) == {"Review": "create"}
    action.refresh_from_db()
    row = next(one for one in kitsu.custom_actions() if one["id"] == action.kitsu_id)
    assert (row["url"], row["entity_type"], row["is_ajax"]) == (f"{BASE}run/review/", "shot", True)
    Action.objects.update(name="Look", entity_types=[])
    assert publish(kitsu) == {"Look": "update"}
    assert publish(kitsu) == {"Look": "unchanged"}
    Action.objects.update(enabled=False)
    assert publish(kitsu) == {"Look": "remove"}
    assert [one["name"] for one in kitsu.custom_actions() if one["id"] == foreign["id"]] == ["Foreign"]
    assert action.kitsu_id not in {one["id"] for one in kitsu.custom_actions()}
