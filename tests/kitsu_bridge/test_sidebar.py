from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kitsu_bridge.kitsu.signin.identity import KITSU_COOKIE
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.sidebar import NAVIGATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(sample):
    client = Client(headers={"accept": "text/html"})
    client.cookies[KITSU_COOKIE] = studio().log_in("ada@sample.studio", "any")
    return client


def lit(answer):
    parts = answer.context["sidebar_navigation"]
    return [item["title"] for part in parts for item in part["items"] if item["active"]]


def test_it_works(ada):
    links = [str(item["link"]) for part in NAVIGATION for item in part["items"]]
    assert [ada.get(link).status_code for link in links] == [200] * len(links)


def test_it_lights_up_one_page_and_never_the_one_above_it(ada):
    assert lit(ada.get(reverse("admin:actions_action_changelist"))) == ["Actions"]
    assert lit(ada.get(reverse("admin:actions_action_add"))) == ["Actions"]
    assert lit(ada.get(reverse("admin:actions_action_buttons"))) == ["Publish to Kitsu"]
    assert lit(ada.get(reverse("admin:audit_erase"))) == ["Erase a person"]
    assert lit(ada.get(reverse("admin:index"))) == []
