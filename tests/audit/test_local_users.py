from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from audit.models import Event
from audit.states import Happened
from tests.audit.conftest import row


@pytest.fixture
def told(db):
    """What was told of local users and groups, oldest first: what, before, after."""
    kinds = (Happened.USER_CHANGED, Happened.USER_DELETED, Happened.GROUP_CHANGED, Happened.GROUP_DELETED)
    return lambda: [
        (event.what, event.data["before"], event.data["after"]) for event in Event.objects.filter(what__in=kinds)
    ]


def test_it_works(told):
    user = User.objects.create_user("operator", password="a long enough password")
    user.is_superuser = True
    user.save()
    user.delete()
    made, raised, gone = told()
    assert made[0] == raised[0] == Happened.USER_CHANGED
    assert (made[1], made[2]["username"], made[2]["is_superuser"]) == ({}, "operator", False)
    assert raised[1:] == ({"is_superuser": False}, {"is_superuser": True})
    assert (gone[0], gone[1]["username"], gone[2]) == (Happened.USER_DELETED, "operator", {})


def test_it_tells_of_another_password_and_not_which(told):
    user = User.objects.create_user("operator", password="a long enough password")
    user.set_password("another long password")
    user.save()
    (_, _, after) = told()[-1]
    assert set(after) == {"signs in with"}
    assert not any(part in str(told()) for part in (user.password, user.password[-10:], "another long"))


def test_it_tells_of_groups_and_permissions(told):
    user, group = User.objects.create_user("operator"), Group.objects.create(name="Readers")
    user.groups.add(group)
    permission = Permission.objects.get(codename="view_event")
    group.permissions.add(permission)
    group.permissions.clear()
    user.groups.remove(group)
    group.delete()
    assert [(what, after) for what, _, after in told()[2:]] == [
        (Happened.USER_CHANGED, {"groups": ["Readers"]}),
        (Happened.GROUP_CHANGED, {"permissions": [str(permission)]}),
        (Happened.GROUP_CHANGED, {"permissions": []}),
        (Happened.USER_CHANGED, {"groups": []}),
        (Happened.GROUP_DELETED, {}),
    ]


def test_it_is_silent_where_nothing_changed(told):
    user = User.objects.create_user("operator", password="a long enough password")
    user.save()
    user.save(update_fields=["last_login"])
    assert len(told()) == 1


def test_it_says_who_did_it_in_the_admin(told, browser):
    ada = browser("ada")
    sent = {"username": "operator", "usable_password": "false", "password1": "", "password2": ""}
    assert ada.post(reverse("admin:auth_user_add"), sent).status_code == 302
    assert {event.actor_id for event in Event.objects.filter(what=Happened.USER_CHANGED)} == {row("ada")["id"]}


def test_it_is_silent_about_the_shadow_of_a_studio_manager(told, browser):
    browser("ada").get(reverse("admin:index"))
    assert User.objects.count() == 1
    assert told() == []
