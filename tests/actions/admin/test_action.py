from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from actions.models import Action
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.studio import studio

LIST, ADD = "admin:actions_action_changelist", "admin:actions_action_add"


def form(**fields):
    return {
        "name": "Review",
        "slug": "review",
        "kind": "debug",
        "description": "",
        "enabled": "on",
        "order": "10",
        "trust": "proven",
        "largest_selection": "100",
        "double_click_window": "5",
        "time_limit": "60",
        "worker_lost": "end",
    } | fields


def change(action):
    return reverse("admin:actions_action_change", args=[action.pk])


def test_it_works(ada):
    response = ada.post(reverse(ADD), form(roles=["manager", "supervisor"], entity_types=["shot"]))
    assert response.status_code == 302, response.context["errors"]
    action = Action.objects.get()
    assert (action.name, action.roles, action.entity_types) == ("Review", ["manager", "supervisor"], ["shot"])
    event = Event.objects.get(what=Happened.ACTION_CREATED)
    assert (event.subject, event.actor_id) == (action.subject, ada.person["id"])


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, role):
    client = signed_in(role)
    response = client.get(reverse(LIST))
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]
    assert client.post(reverse(ADD), form()).status_code == 302
    assert not Action.objects.exists()


def test_a_local_superuser_gets_in_when_kitsu_is_away(db):
    User.objects.create_superuser("operator", password="a long enough password")
    client = Client(headers={"accept": "text/html"})
    studio().trouble = KitsuUnreachable()
    try:
        assert client.login(username="operator", password="a long enough password")
        assert client.get(reverse(LIST)).status_code == 200
        assert client.post(reverse(ADD), form()).status_code == 302
    finally:
        studio().trouble = None
    assert Event.objects.get(what=Happened.ACTION_CREATED).actor_name == "operator (local user)"


def test_staff_alone_changes_nothing(db, an_action):
    """A local user to whom the studio manager gave nothing but the way in."""
    user = User.objects.create_user("looker", password="a long enough password", is_staff=True)
    action, client = an_action(slug="review"), Client(headers={"accept": "text/html"})
    client.force_login(user)
    for name, args in [("buttons", []), ("copy", [action.pk]), ("history", [action.pk])]:
        url = reverse(f"admin:actions_action_{name}", args=args)
        assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    assert Action.objects.count() == 1


def test_the_history_of_nothing_is_not_there(ada):
    assert ada.get(reverse("admin:actions_action_history", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("actions_action_changelist", {"action": "copy_selected", "_selected_action": "nothing"}),
        ("actions_action_process_import", {"import_file_name": "never-sent", "original_file_name": "x", "format": "0"}),
        ("actions_action_process_import", {"import_file_name": "x" * 300, "original_file_name": "x", "format": "0"}),
    ],
)
def test_it_refuses_what_no_page_sends(ada, an_action, name, sent):
    an_action(slug="review")
    assert ada.post(reverse(f"admin:{name}"), sent | {"resource": "0"}).status_code == 400


def test_it_refuses_an_export_by_a_filter_that_is_none(ada):
    assert ada.get(reverse("admin:actions_action_export"), {"nothing": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"kind": "no_such_kind"}, "kind"),
        ({"largest_selection": "0"}, "largest_selection"),
        ({"time_limit": "x"}, "time_limit"),
        ({"roles": ["emperor"]}, "roles"),
        ({"projects": ["nowhere"]}, "projects"),
        ({"queue": "no-such-queue"}, "queue"),
        ({"background": "on", "confirm_first": "on"}, "confirm_first"),
        ({"trust": "blind"}, "trust"),
    ],
)
def test_it_says_what_is_wrong_beside_the_field(ada, fields, field):
    response = ada.post(reverse(ADD), form(**fields))
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not Action.objects.exists()


def test_options_are_a_real_form(ada, test_kinds):
    page = ada.get(reverse(ADD), {"kind": "slow"}).content.decode()
    assert 'name="option_seconds"' in page
    wrong = ada.post(reverse(ADD), form(kind="slow", option_seconds="long"))
    assert "option_seconds" in wrong.context["adminform"].form.errors
    ada.post(reverse(ADD), form(kind="slow", option_seconds="2.5"))
    assert Action.objects.get().options == {"seconds": 2.5, "listens": False}
    assert 'value="2.5"' in ada.get(change(Action.objects.get())).content.decode()


def test_a_change_keeps_old_and_new(ada, an_action):
    action = an_action(slug="review", name="Review")
    assert ada.post(change(action), form(name="Look", order="30")).status_code == 302
    action.refresh_from_db()
    assert (action.name, action.version) == ("Look", 2)
    event = Event.objects.get(what=Happened.ACTION_CHANGED)
    assert event.data["before"]["name"] == "Review"
    assert event.data["after"]["name"] == "Look"
    page = ada.get(reverse("admin:actions_action_history", args=[action.pk])).content.decode()
    assert "<del>Review</del>" in page
    assert "Look" in page


def test_saving_without_a_change_is_no_change(ada, an_action):
    action = an_action(slug="review", name="Review", order=10, largest_selection=100, time_limit=60)
    ada.post(change(action), form())
    action.refresh_from_db()
    assert action.version == 1
    assert not Event.objects.filter(what=Happened.ACTION_CHANGED).exists()


def test_a_list_edit_goes_through_the_history(ada, an_action):
    action = an_action()
    data = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(action.pk),
        "form-0-order": "7",
        "_save": "Save",
    }
    response = ada.post(reverse(LIST), data)
    assert response.status_code == 302, response.content[:2000]
    action.refresh_from_db()
    assert (action.enabled, action.order, action.version) == (False, 7, 2)
    assert Event.objects.get(what=Happened.ACTION_CHANGED).data["after"] == {"enabled": False, "order": 7}


def test_a_deletion_is_recorded_and_asks_first(ada, an_action):
    action = an_action()
    url = reverse("admin:actions_action_delete", args=[action.pk])
    page = ada.get(url).content.decode()
    assert "Are you sure" in page
    assert "stays in the log" in page
    ada.post(url, {"post": "yes"})
    assert not Action.objects.exists()
    assert Event.objects.get(what=Happened.ACTION_DELETED).data["before"]["slug"] == action.slug


def test_a_copy_is_switched_off_and_has_no_button(ada, an_action):
    action = an_action(slug="review", kitsu_id="there", roles=["manager"])
    url = reverse("admin:actions_action_copy", args=[action.pk])
    assert ada.get(url).status_code == 200
    assert Action.objects.count() == 1
    ada.post(url)
    ada.post(url)
    copies = Action.objects.exclude(pk=action.pk).order_by("created_at")
    assert [(one.slug, one.enabled, one.kitsu_id, one.roles) for one in copies] == [
        ("review-copy", False, "", ["manager"]),
        ("review-copy-2", False, "", ["manager"]),
    ]


def test_projects_stay_when_kitsu_is_away(ada, an_action):
    bot = studio().bot()
    project = bot.open_projects()[0]
    action = an_action(slug="review", projects=[project["id"]])
    page = ada.get(change(action)).content.decode()
    assert project["name"] in page
    original = type(bot).open_projects
    type(bot).open_projects = lambda self: (_ for _ in ()).throw(KitsuUnreachable())
    try:
        page = ada.get(change(action)).content.decode()
        assert project["id"] in page
        assert "Names are missing until it is back" in page
        ada.post(change(action), form(projects=[project["id"]]))
    finally:
        type(bot).open_projects = original
    action.refresh_from_db()
    assert action.projects == [project["id"]]


def test_a_broken_kind_says_so_beside_its_name(ada, an_action, monkeypatch):
    from actions import registry

    broken = registry.Kind("debug", title="debug", error="SyntaxError: oh")
    monkeypatch.setattr("actions.admin.action.kinds", lambda: {"debug": broken})
    an_action()
    assert "debug: broken" in ada.get(reverse(LIST)).content.decode()


def test_hostile_names_are_shown_and_not_run(ada, an_action):
    an_action(name="<script>alert(1)</script>", slug="hostile")
    for url in (reverse(LIST), reverse("admin:actions_action_buttons")):
        assert b"<script>alert(1)" not in ada.get(url).content
