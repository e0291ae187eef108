from __future__ import annotations

import pytest
from tablib import Dataset

from actions.models import Action
from actions.transfer import ActionResource, KitsuResource
from audit.models import Event

pytestmark = pytest.mark.django_db

KITSU = "Type,Name,URL,Entity Type,Use AJAX\n"


def imported(resource, text, **how):
    return resource().import_data(Dataset().load(text, format="csv"), **({"raise_errors": False} | how))


def test_all_fields_go_out_and_come_in_again(an_action):
    action = an_action(name="=Review & <b>", slug="review", roles=["manager"], options={"a": 1}, description='x,\n"y"')
    text = ActionResource().export().csv
    Action.objects.all().delete()
    result = imported(ActionResource, text)
    assert not result.has_errors(), [error.error for row in result.row_errors() for error in row[1]]
    assert not result.has_validation_errors()
    assert Action.objects.get().definition() == action.definition()


def test_kitsu_s_columns_come_in():
    text = KITSU + "CustomAction,Review,https://kitsu.studio/bridge/run/review/,shot,true\n"
    result = imported(KitsuResource, text)
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
        "CustomAction,Bad slug,/run/Bad Slug/,all,false",
        "CustomAction,,/run/nameless/,all,false",
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(row):
    result = imported(KitsuResource, f"{KITSU}CustomAction,Good,/run/good/,all,false\n{row}\n")
    assert result.has_validation_errors() or result.has_errors()
    assert not Action.objects.exists()


def test_an_unknown_kind_is_refused():
    text = ActionResource().export().csv + "Review,review,no_such_kind,{},,1,1,0,[],[],[],[],proven,10,0,,60,end,5\n"
    assert imported(ActionResource, text).has_validation_errors()


def test_a_dry_run_writes_nothing():
    text = KITSU + "CustomAction,Review,/run/review/,shot,true\n"
    imported(KitsuResource, text, dry_run=True)
    assert not Action.objects.exists()
    assert not Event.objects.exists()
