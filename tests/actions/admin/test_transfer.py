from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tablib import Dataset

from actions.models import Action
from actions.transfer import ActionResource, KitsuResource
from audit.models import Event

pytestmark = pytest.mark.django_db

KITSU = "Type,Name,URL,Entity Type,Use AJAX\n"


def imported(resource, text, **how):
    return resource().import_data(Dataset().load(text, format="csv"), **({"raise_errors": False} | how))


def test_all_fields_go_out_and_come_in_again(an_action):
    action = an_action(name="=Review & <b>", slug="review", roles=["manager"], description='x,\n"y"')
    text = ActionResource().export().csv
    Action.objects.all().delete()
    result = imported(ActionResource, text)
    assert not result.has_errors(), [error.error for row in result.row_errors() for error in row[1]]
    assert not result.has_validation_errors()
    assert Action.objects.get().definition() == action.definition()


def test_kitsu_s_columns_come_in():
    text = KITSU + "CustomAction,Review,https://kitsu.studio/bridge/run/review/,shot,true\n"
    result = imported(KitsuResource, text, base="https://kitsu.studio/bridge/")
    assert not result.has_validation_errors(), [row.error for row in result.invalid_rows]
    action = Action.objects.get()
    assert (action.name, action.slug, action.entity_types, action.background) == ("Review", "review", ["shot"], True)
    assert not action.enabled
    assert Event.objects.filter(subject=action.subject).count() == 1


def test_kitsu_s_columns_come_in_another_language():
    text = "Type,Nom,URL,Type d'entité,Utiliser AJAX\nCustomAction,Revue,/run/revue/,all,false\n"
    assert not imported(KitsuResource, text).has_validation_errors()
    assert Action.objects.get().entity_types == []


def test_kitsu_s_columns_go_out(an_action):
    an_action(name="Review", slug="review", entity_types=["shot"], background=True)
    assert KitsuResource().export().csv.splitlines() == [
        "Type,Name,URL,Entity Type,Use AJAX",
        "CustomAction,Review,/run/review/,shot,1",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "CustomAction,Elsewhere,https://evil.example/hook,all,false",
        "CustomAction,Elsewhere,https://evil.example/run/good/,all,false",
        "CustomAction,Spaceship,/run/spaceship/,spaceship,false",
        "CustomAction,Bad slug,/run/Bad Slug/,all,false",
        "CustomAction,,/run/nameless/,all,false",
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(row):
    result = imported(KitsuResource, f"{KITSU}CustomAction,Good,/run/good/,all,false\n{row}\n")
    assert result.has_validation_errors() or result.has_errors()
    assert not Action.objects.exists()


def test_an_unknown_kind_is_refused():
    text = "name,slug,kind\nReview,review,no_such_kind\n"
    assert imported(ActionResource, text).has_validation_errors()


def test_a_dry_run_writes_nothing():
    text = KITSU + "CustomAction,Review,/run/review/,shot,true\n"
    imported(KitsuResource, text, dry_run=True)
    assert not Action.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"roles": '["emperor"]'},
        {"roles": '"admin"'},
        {"roles": '{"a": 1}'},
        {"roles": "["},
        {"entity_types": '["spaceship"]'},
        {"background": "1", "confirm_first": "1"},
        {"queue": "nope"},
        {"options": "[1]"},
        {"options": '{"nope": 1}'},
        {"projects": '"x"'},
        {"kind": "no_such_kind"},
        {"slug": "Not A Slug"},
        {"largest_selection": "0"},
    ],
)
def test_an_import_knows_the_same_rules_as_the_form(an_action, fields):
    an_action()
    table = ActionResource().export()
    row = table.dict[0] | {"slug": "new", "name": "New"} | fields
    Action.objects.all().delete()
    result = imported(ActionResource, Dataset(list(row.values()), headers=list(row)).csv)
    assert result.has_validation_errors() or result.has_errors()
    assert not Action.objects.exists()


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@SUM(A1)"])
def test_formulas_are_guarded_and_come_in_again(an_action, name):
    an_action(name=name, slug="risky")
    text = ActionResource().export().csv
    assert f"'{name}" in text
    assert not imported(ActionResource, text).has_validation_errors()
    assert Action.objects.get().name == name


def test_an_upload_in_the_admin_is_previewed_before_it_is_written(ada):
    sheet = SimpleUploadedFile("actions.csv", f"{KITSU}CustomAction,Review,/run/review/,shot,true\n".encode())
    url = reverse("admin:actions_action_import")
    page = ada.post(url, {"import_file": sheet, "format": "0", "resource": "1"})
    assert page.status_code == 200
    assert b"Review" in page.content
    assert not Action.objects.exists()
    confirm = {name: value for name, value in page.context["confirm_form"].initial.items() if value is not None}
    assert ada.post(reverse("admin:actions_action_process_import"), confirm).status_code == 302
    assert Action.objects.get().slug == "review"
    assert Event.objects.get(subject=Action.objects.get().subject).actor_id == ada.person["id"]
