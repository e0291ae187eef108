from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

PAGE, CHOICE, SHOWN = (f"admin:actions_action_{name}" for name in ("trial", "trial_choice", "trial_shown"))


@pytest.fixture
def shot_task():
    """A row of a task on SH0020 of the short film, with its production."""
    bot = studio().bot()
    entity = next(
        row for one in bot.projects() for row in bot.project_entities(one["id"], "Shot") if row["name"] == "SH0020"
    )
    return bot.entity_tasks([entity["id"]])[0]


@pytest.fixture
def shown(ada, shot_task):
    """What each option becomes: its text, by the option's name."""

    def ask(kind="open_url", task=None, **sent):
        data = {"kind": kind, "name": "Tracker", "trial_task": task or shot_task["id"], **sent}
        response = ada.post(reverse(SHOWN), data)
        assert response.status_code == 200
        return {
            one.field.removeprefix("option_"): one.trouble or one.text for one in response.context["filled"]
        }, response

    return ask


def test_it_works(shown, shot_task):
    filled, response = shown(option_url="https://ok/{sequence_name}/{entity_name}?by={action_name}&{task_id}")
    assert filled["url"] == f"https://ok/SQ01/SH0020?by=Tracker&{shot_task['id']}"
    page = response.content.decode()
    assert re.search(r'id="filled-option_url" hx-swap-oob="true" class="filled">\s*<code>https://ok/SQ01/SH0020', page)
    assert "<code>{entity_name}</code></td><td><bdi>SH0020</bdi>" in page
    assert "<code>{data.max_retakes}</code></td><td><bdi>3</bdi>" in page
    assert '<code>{asset_type_name}</code></td><td><span class="trial-none">none: it is no asset' in page


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://ok/{entity_nam}", "Did you mean {entity_name}?"),
        ("https://ok/{asset_type_name}", "{asset_type_name} has no value for"),
        ("https://{entity_name}/", "https: needs a host"),
        ("https://ok/{entity_name|pad:3}", "“SH0020”: it is no whole number"),
        ("", ""),
    ],
)
def test_it_says_the_exact_error(shown, url, words):
    filled, _ = shown(option_url=url)
    assert words in filled["url"]


def test_lists_and_json_are_shown_as_they_will_be(shown, test_kinds):
    filled, _ = shown("filled", option_words='["{entity_name}", "x"]', option_body='{"a": ["{entity_name}"]}',
                      option_title="{entity_name", option_address="")  # fmt: skip
    assert filled == {"words": "SH0020\nx", "body": '{\n  "a": [\n    "SH0020"\n  ]\n}', "address": "",
                      "title": "The { at character 1 is not closed. Write {{ for a brace."}  # fmt: skip
    assert shown("filled", option_words="{entity_name}")[0]["words"].startswith("Write a list of texts")


def test_names_of_kitsu_are_no_markup(shown):
    bot = studio().bot()
    hostile = next(
        row for one in bot.projects() for row in bot.project_entities(one["id"], "Shot") if "<script>" in row["name"]
    )
    _, response = shown(task=bot.entity_tasks([hostile["id"]])[0]["id"], option_url="https://ok/{entity_name}")
    page = response.content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "pasted",
    ["{task}", "{TASK}", "https://kitsu.studio/productions/{project}/shots/tasks/{task}",
     "https://kitsu.studio/productions/{project}/episodes/all/shots/tasks/{task}?x=1", "https://k/productions/{project}/shots/{entity}"],
)  # fmt: skip
def test_a_task_can_be_pasted(shown, shot_task, pasted):
    ids = {"task": shot_task["id"], "TASK": shot_task["id"].upper(), "project": shot_task["project_id"],
           "entity": shot_task["entity_id"]}  # fmt: skip
    filled, _ = shown(task="none", trial_pasted=pasted.format(**ids), option_url="https://ok/{entity_name}")
    assert filled["url"] == "https://ok/SH0020"


@pytest.mark.parametrize(("pasted", "words"), [("nothing", "No task that you may see"), ("", "Choose a task")])
def test_without_a_task_the_template_is_still_checked(shown, pasted, words):
    filled, response = shown(task="none", trial_pasted=pasted, option_url="https://ok/{entity_nam}")
    assert "Did you mean {entity_name}?" in filled["url"]
    assert words in response.content.decode()


def test_choosing_a_production_offers_a_task_of_each_type(ada, shot_task):
    response = ada.get(reverse(CHOICE), {"trial_project": shot_task["project_id"]})
    choice = response.context["choice"]
    assert choice.project == shot_task["project_id"]
    types = [name.rpartition(" / ")[2] for _, name in choice.tasks]
    assert len(types) == len(set(types)) > 8
    assert response.headers["HX-Trigger-After-Settle"] == "trial"
    assert dict(ada.get(reverse(CHOICE), {"trial_project": "none"}).context["choice"].projects)


def test_a_kitsu_that_is_away_is_said(ada, shot_task):
    for url in (reverse(CHOICE), reverse(PAGE)):
        ada.get(url)  # Signed in before.
    studio().trouble = KitsuUnreachable()
    try:
        shown = ada.post(
            reverse(SHOWN), {"kind": "open_url", "trial_task": shot_task["id"], "option_url": "https://ok/{x}"}
        )
        assert "no variable {x}" in shown.context["filled"][0].trouble
        assert "Kitsu cannot be reached" in shown.context["trouble"]
        page = ada.get(reverse(PAGE), {"trial_pasted": "kept"}).content.decode()
        assert "Kitsu cannot be reached" in page
        assert 'name="trial_pasted" value="kept"' in page
    finally:
        studio().trouble = None


def test_the_page_works_without_javascript(ada, shot_task, an_action):
    an_action("open_url", slug="tracker", options={"url": "https://ok/{task_id}"})
    opened = ada.get(reverse(PAGE), {"kind": "open_url", "field": "option_url", "action": "tracker"})
    assert (opened.context["syntax"], opened.context["template"]) == ("url", "https://ok/{task_id}")
    sent = {"syntax": "url", "template": "https://ok/{task_id}", "trial_task": shot_task["id"],
            "trial_project": shot_task["project_id"]}  # fmt: skip
    page = ada.post(reverse(PAGE), sent).content.decode()
    assert f"<code>https://ok/{shot_task['id']}</code>" in page
    assert "<code>{entity_name}</code>" in page


@pytest.mark.parametrize(
    "query", [{}, {"kind": "none"}, {"kind": "open_url", "field": "option_nope"}, {"action": "a\x00b"}]
)
def test_the_page_takes_any_address(ada, query):
    assert ada.get(reverse(PAGE), query).status_code == 200


def test_it_stands_below_forms_that_have_templates_only(ada):
    add = reverse("admin:actions_action_add")
    with_them = ada.get(add, {"kind": "open_url"}).content.decode()
    assert 'id="trial-shown"' in with_them
    assert 'id="filled-option_url"' in with_them
    assert "kind=open_url&amp;field=option_url" in with_them
    assert 'id="trial-shown"' not in ada.get(add, {"kind": "debug"}).content.decode()


@pytest.mark.parametrize("name", [PAGE, CHOICE, SHOWN])
def test_it_is_for_who_may_change_actions(signed_in, name):
    for role in ("manager", "user"):
        assert signed_in(role).get(reverse(name)).status_code == 302
    user = User.objects.create_user("looker", password="a long enough password", is_staff=True)
    client = Client(headers={"accept": "text/html"})
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name)).status_code == 403


def test_a_local_superuser_tries_with_the_bridge_s_own_right(db, shot_task):
    user = User.objects.create_superuser("operator", password="a long enough password")
    client = Client(headers={"accept": "text/html"})
    client.force_login(user)
    data = {"kind": "open_url", "trial_task": shot_task["id"], "option_url": "https://ok/{person_name}"}
    assert client.post(reverse(SHOWN), data).context["filled"][0].text == "https://ok/operator%20%28local%20user%29"


def test_a_foreign_page_gets_nothing(shot_task, ada):
    strict = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    strict.cookies = ada.cookies
    assert strict.post(reverse(SHOWN), {"trial_task": shot_task["id"]}).status_code == 403


def test_values_of_parameters_are_tried_too(shown, ada, an_action):
    filled, _ = shown("comment", value_text="{entity_name} is ready")
    assert filled["value_text"] == "SH0020 is ready"
    page = ada.get(reverse("admin:actions_action_add"), {"kind": "comment"}).content.decode()
    assert 'id="filled-value_text"' in page
    an_action("comment", slug="say", values={"text": "{entity_name} again"})
    opened = ada.get(reverse(PAGE), {"kind": "comment", "field": "value_text", "action": "say"})
    assert opened.context["template"] == "{entity_name} again"


def test_a_parameter_without_a_value_begins_as_the_kind_says(shown):
    filled, _ = shown("contact_sheet", value_title="")
    assert filled["value_title"].startswith("Tracker 20")


def test_a_dressed_choice_keeps_its_choices(ada):
    page = ada.get(reverse("admin:actions_action_add"), {"kind": "open_url"}).content.decode()
    select = re.search(r'<select name="option_once_for".*?</select>', page, re.DOTALL).group()
    assert '<option value="selection" selected>The whole selection</option>' in select
    assert '<option value="task">Each task</option>' in select
    assert "border" in select
