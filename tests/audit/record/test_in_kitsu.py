"""Links from a record into Kitsu, and a Kitsu that is away."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from audit.models import TaskResult
from audit.record.parts import CONTEXTS
from audit.templatetags.in_kitsu import page_in_kitsu, task_in_kitsu
from kitsu_bridge.kitsu.errors import KitsuUnavailable
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db

KITSU = "https://kitsu.studio.example"


def test_it_works(browser, an_invocation, settings):
    settings.KITSU_PUBLIC_URL = KITSU
    path = "/productions/p-1/episodes/all/shots"
    invocation = an_invocation(understood={"path": path}, project_ids=["p-1"], entity_type="shot")
    TaskResult.objects.create(invocation=invocation, task_id="t-1", position=0, state="done")
    for part in CONTEXTS:
        page = browser("noa").get(reverse(f"record_{part}", args=[invocation.pk])).text
        assert f'href="{KITSU}{path}"' in page
        assert (f'href="{KITSU}/productions/p-1/shots/tasks/t-1"' in page) == (part == "tasks")


@pytest.mark.parametrize(
    "path", ["", "//evil.example", "@evil.example/", ".evil.example", '/"><script>', "/a?b", "/a\n/b"]
)
def test_a_hostile_path_leads_nowhere(an_invocation, settings, path):
    settings.KITSU_PUBLIC_URL = KITSU
    assert page_in_kitsu(an_invocation(understood={"path": path})) == ""


@pytest.mark.parametrize(
    "fields",
    [{"entity_type": "episode", "project_ids": ["p"]}, {"entity_type": "shot", "project_ids": ["p", "q"]},
     {"entity_type": "shot", "project_ids": []}, {"entity_type": "nothing", "project_ids": ["p"]},
     {"entity_type": "shot", "project_ids": ["../x"]}],
)  # fmt: skip
def test_what_is_not_known_for_sure_has_no_link(an_invocation, settings, fields):
    settings.KITSU_PUBLIC_URL = KITSU
    assert task_in_kitsu(TaskResult(task_id="t"), an_invocation(**fields)) == ""


def test_the_sample_studio_has_no_pages(an_invocation):
    invocation = an_invocation(understood={"path": "/productions/p"}, project_ids=["p"], entity_type="shot")
    assert (page_in_kitsu(invocation), task_in_kitsu(TaskResult(task_id="t"), invocation)) == ("", "")


def test_while_kitsu_is_away_pages_go_on_as_long_as_it_has_said_who_looks(browser, an_invocation, project_ids):
    """Then each says that Kitsu does not answer, and none crashes."""
    invocation = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    greta = browser("greta")
    pages = [
        reverse("log"), reverse("timeline"), reverse("log_export"), reverse("mine"), invocation.get_absolute_url(),
        *(reverse(f"record_{part}", args=[invocation.pk]) for part in (*CONTEXTS, "definition")),
    ]  # fmt: skip
    assert {greta.get(page, {"all": "yes"}).status_code for page in pages} == {200}
    cache.clear()
    greta.get(reverse("log"))
    studio().trouble = KitsuUnavailable("Kitsu does not answer.")
    try:
        assert greta.get(pages[-1]).status_code == 200, "the definition names what it can"
        cache.clear()
        for page in pages:
            response = greta.get(page, {"all": "yes"})
            assert (response.status_code, response["Retry-After"]) == (503, "10")
            assert "Kitsu does not answer" in response.text
    finally:
        studio().trouble = None
