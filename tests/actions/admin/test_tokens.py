"""Tokens in the admin: the secret is on one page, once; and only studio managers get there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import serializers
from django.urls import reverse
from django.utils import timezone

from actions.models import Token, TokenSecret
from actions.tokens import find, used
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:actions_token_changelist", "admin:actions_token_add"


@pytest.fixture
def manager(ada):
    return ada


@pytest.fixture
def noa():
    return next(row for row in studio().people() if row["email"] == "noa@sample.studio")


def form_at(client, url):
    """The fields of the form that a page shows, as a browser would send it unchanged."""
    form = client.get(url).context["form"]
    return {name: value for name in form.fields if (value := form[name].value())}


def secret_in(page):
    found = re.findall(r"kb_[0-9A-Za-z]{49}", page)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def made(manager, noa):
    """A token made in the admin, with its secret and what was sent."""
    sent = form_at(manager, reverse(ADD)) | {"name": "Exporter", "person_id": noa["id"]}
    answer = manager.post(reverse(ADD), sent)
    return secret_in(answer.text), Token.objects.get(), sent, answer


def page_of(token):
    return reverse("admin:actions_token_change", args=[token.pk])


def test_it_works(manager, made, noa):
    secret, token, _, answer = made
    assert find(secret) == token
    assert (token.person_id, token.action_slugs, token.production_ids) == (noa["id"], [], [])
    assert timedelta(days=89) < token.expires_at - timezone.now() < timedelta(days=92)
    assert "no-store" in answer["Cache-Control"]
    assert "Exporter" in manager.get(reverse(LIST)).text


def test_the_secret_is_shown_once(manager, made):
    secret, token, sent, _ = made
    again = manager.post(reverse(ADD), sent, follow=True)  # The page loaded once more.
    assert "made already" in again.text
    assert TokenSecret.objects.count() == 1
    for url in (page_of(token), reverse(LIST), reverse(ADD)):
        assert secret not in manager.get(url).text
    cookies = str(manager.cookies)
    kept = serializers.serialize("json", [*Token.objects.all(), *TokenSecret.objects.all(), *Event.objects.all()])
    assert secret not in cookies + kept + again.text


def test_the_list_says_when_it_was_used_and_how_long_it_is_good(manager, made):
    _, token, sent, _ = made
    assert "never" in manager.get(reverse(LIST)).text
    used(token, "192.0.2.7")
    listed = manager.get(reverse(LIST)).text
    assert "from 192.0.2.7" in listed
    assert str(sent["expires"]) in listed


def test_it_is_changed_and_its_account_stays(manager, made, an_action):
    _, token, _, _ = made
    an_action(slug="review")
    project = studio().bot().open_projects()[0]["id"]
    sent = form_at(manager, page_of(token))
    assert "person_id" not in sent
    sent |= {"action_slugs": ["review"], "production_ids": [project], "person_id": "somebody else"}
    manager.post(page_of(token), sent)
    changed = Token.objects.get()
    assert (changed.action_slugs, changed.production_ids) == (["review"], [project])
    assert changed.person_id == token.person_id
    assert [event.what for event in Event.objects.filter(subject=token.subject).order_by("id")] == [
        Happened.TOKEN_MADE,
        Happened.TOKEN_CHANGED,
    ]


def test_what_is_not_there_any_more_is_kept(manager, made):
    _, token, _, _ = made
    Token.objects.update(action_slugs=["renamed"], production_ids=["closed"])
    manager.post(page_of(token), form_at(manager, page_of(token)) | {"name": "Other"})
    token.refresh_from_db()
    assert (token.name, token.action_slugs, token.production_ids) == ("Other", ["renamed"], ["closed"])


def test_it_gets_a_new_secret_once(manager, made):
    secret, token, _, _ = made
    url = reverse("admin:actions_token_rotate", args=[token.pk])
    sent = {"hours": "24", "newest": secret[-4:]}
    second = secret_in(manager.post(url, sent).text)
    assert find(secret) == find(second) == token
    assert "already" in manager.post(url, sent, follow=True).text
    assert TokenSecret.objects.count() == 2
    third = secret_in(manager.post(url, {"hours": "0", "newest": second[-4:]}).text)
    assert find(second) is None
    assert find(third) == token


def test_it_is_revoked(manager, made):
    secret, token, _, _ = made
    answer = manager.post(reverse("admin:actions_token_revoke", args=[token.pk]), follow=True)
    assert "opens nothing any more" in answer.text
    assert find(secret) is None
    assert "Revoked" in manager.get(page_of(token)).text
    assert manager.post(page_of(token), {"name": "x", "expires": "2026-12-12"}).status_code in {200, 403}
    assert Token.objects.get().name == "Exporter"
    rotated = manager.post(
        reverse("admin:actions_token_rotate", args=[token.pk]), {"hours": "24", "newest": secret[-4:]}
    )
    assert rotated.status_code == 403


@pytest.mark.parametrize("days", [-1, 800])
def test_it_is_good_for_two_years_at_most(manager, noa, days):
    day = timezone.localdate() + timedelta(days=days)
    sent = form_at(manager, reverse(ADD)) | {"name": "x", "person_id": noa["id"], "expires": f"{day}"}
    assert "within two years" in manager.post(reverse(ADD), sent).text
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"person_id": "nobody"}, {"name": ""}, {"action_slugs": ["none"]}, {"id": "x"}, {"expires": "x"}]
)
def test_it_refuses_what_is_wrong(manager, noa, wrong):
    sent = form_at(manager, reverse(ADD)) | {"name": "x", "person_id": noa["id"]} | wrong
    assert manager.post(reverse(ADD), sent).status_code == 200
    assert not Token.objects.exists()


def test_kitsu_being_away_is_said(manager):
    manager.get(reverse(LIST))
    studio().trouble = KitsuSlow()
    try:
        page = manager.get(reverse(ADD)).text
    finally:
        studio().trouble = None
    assert "Nobody can be chosen until it answers" in page


def test_it_is_for_studio_managers(client, made):
    _, token, _, _ = made
    client.cookies["access_token_cookie"] = studio().log_in("noa@sample.studio", "any")
    urls = [reverse(LIST), reverse(ADD), page_of(token)]
    assert {client.get(url).status_code for url in urls} <= {302, 403}
    for name in ("rotate", "revoke"):
        url = reverse(f"admin:actions_token_{name}", args=[token.pk])
        assert client.post(url).status_code in {302, 403}
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize("name", ["rotate", "revoke"])
def test_a_link_changes_nothing(manager, made, name):
    assert manager.get(reverse(f"admin:actions_token_{name}", args=[made[1].pk])).status_code == 405


def test_nobody_is_chosen_beforehand(manager):
    sent = form_at(manager, reverse(ADD)) | {"name": "x"}
    assert "person_id" not in sent
    assert "This field is required" in manager.post(reverse(ADD), sent).text
    assert not Token.objects.exists()


def test_the_page_of_an_invocation_names_its_token(manager, made, an_action, a_queued_invocation):
    _, token, _, _ = made
    bearer = {"id": str(token.pk), "name": "Exporter", "actions": [], "productions": []}
    one = a_queued_invocation(an_action(), bearer=bearer)
    pages = [manager.get(one.get_absolute_url()).text, manager.get(f"{one.get_absolute_url()}record/call/").text]
    assert any(page_of(token) in page for page in pages)
