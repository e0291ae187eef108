"""The registry goes into a file and comes back; a plan says what would change, and nothing half is ever brought in."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.models import Action
from actions.registry_file.planning import CannotApply, apply, plan
from actions.registry_file.reading import WrongFile, read_file
from actions.registry_file.writing import file_of
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db

HEAD = "version: 1\nactions:\n"
NEW = HEAD + "  new-one:\n    name: New “one”\n    kind: debug\n    roles: [supervisor]\n"


def export():
    return file_of(Action.objects.order_by("order", "name"))


def typed(*words):
    out = StringIO()
    try:
        call_command("actions", *words, stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_it_works(an_action, tmp_path):
    project = studio().bot().open_projects()[0]
    before = an_action("comment", projects=[project["id"]], values={"text": "One\nTwo: “three”"}, roles=["manager"])
    listed = tmp_path / "registry.yaml"
    assert typed("export", str(listed))[0] == 0
    assert project["name"] in listed.read_text()
    assert project["id"] not in listed.read_text()
    assert typed("plan", str(listed)) == (0, "")
    definition = before.definition()
    Action.objects.all().delete()
    code, said = typed("plan", str(listed))
    assert (code, "+ comment" in said) == (2, True)
    assert typed("apply", str(listed)) == (0, said.partition("The registry")[0] + "Applied.\n")
    assert Action.objects.get().definition() == definition
    assert Event.objects.filter(what=Happened.ACTION_CREATED).count() == 1
    assert typed("plan", str(listed))[0] == 0


def test_a_change_is_shown_by_field_and_kept_in_the_history(an_action):
    an_action("debug", "new-one", roles=["client"])
    (change,) = plan(NEW).changes
    assert (change.does, change.fields["roles"]) == ("change", (["client"], ["supervisor"]))
    apply(NEW, None)
    assert Action.objects.get().roles == ["supervisor"]
    assert Event.objects.filter(what=Happened.ACTION_CHANGED).count() == 1
    assert not plan(NEW).differs


def test_drift_is_visible_and_only_deleted_on_request(an_action, tmp_path):
    an_action("debug", "by-hand")
    listed = tmp_path / "registry.yaml"
    listed.write_text(NEW)
    apply(NEW, None)
    code, said = typed("plan", str(listed))
    assert (code, "? by-hand  is not in the file, and stays" in said) == (2, True)
    typed("apply", str(listed))
    assert Action.objects.count() == 2
    typed("apply", str(listed), "--delete")
    assert [action.slug for action in Action.objects.all()] == ["new-one"]
    assert Event.objects.filter(what=Happened.ACTION_DELETED).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "    kind: no-such-kind\n    name: x\n",
        "    kind: debug\n    name: x\n    colour: red\n",
        "    kind: debug\n    name: x\n    enabled: perhaps\n",
        "    kind: debug\n    name: x\n    roles: [king]\n",
        "    kind: debug\n    name: x\n    roles: 5\n",
        "    kind: debug\n    name: x\n    time_limit: -1\n",
        "    kind: debug\n    name: x\n    options: [1]\n",
        "    kind: debug\n    name: x\n    values: 7\n",
        "    kind: debug\n    name: x\n    projects: [NO SUCH PRODUCTION]\n",
        "    kind: debug\n",
        "    {}\n",
    ],
)
def test_all_of_it_or_nothing(wrong):
    text = f"{NEW}  wrong-one:\n{wrong}"
    with pytest.raises(CannotApply, match="wrong-one"):
        apply(text, None)
    assert not Action.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "version: 1"),
        ("version: 2\n", "version: 1"),
        ("version: 1\nother: 1\n", "'other' is not known"),
        ("version: 1\nactions: [a]\n", "one action under each slug"),
        (HEAD + "  5: {}\n", "an action is a slug"),
        (HEAD + "  a: text\n", "an action is a slug"),
        (HEAD + "  a: {name: x}\n  a: {name: y}\n", "Line 4: 'a' stands there twice"),
        (HEAD + "  a: &x {name: x}\n  b: *x\n", "Line 4: anchors and aliases"),
        (HEAD + "  a: {name: [}\n", "Line 3"),
        (HEAD + "  a: !!python/object/apply:os.system [ls]\n", "Line 3"),
        ("[" * 5000, ""),
        ('version: 1\nactions: {a: {name: "\\0"}}\n', "NUL"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text, says):
    with pytest.raises(WrongFile) as error:
        plan(text)
    assert says in str(error.value)


def test_secrets_stay_in_the_registry(kinds_folder):
    kinds_folder(
        "keeps",
        "from dataclasses import dataclass\nfrom typing import Annotated\n"
        "from actions.contract import Call, Field, Outcome\nfrom actions.registry import handler\n"
        "@dataclass(frozen=True)\nclass Options:\n    word: str = ''\n"
        "    password: Annotated[str, Field(secret=True)] = ''\n"
        "@handler(title='Keeps')\ndef run(call: Call, options: Options) -> Outcome:\n    return Outcome('')\n",
    )
    Action.objects.create(name="K", slug="k", kind="keeps", options={"word": "a", "password": "s3cret-one"})
    text = export()
    assert "s3cret-one" not in text
    apply(text.replace("word: a", "word: b"), None)
    assert Action.objects.get().options == {"word": "b", "password": "s3cret-one"}
    with pytest.raises(CannotApply, match="keep it out of files"):
        apply(text.replace("word: a", "password: typed"), None)


def test_names_that_two_have_stay_ids(an_action, monkeypatch):
    person = studio().bot().persons()[0]
    an_action("debug", "a", approvers=["named"], approver_ids=[person["id"], "11111111-1111-4111-8111-111111111111"])
    text = export()
    assert person["email"] in text
    assert "11111111-1111-4111-8111-111111111111" in text
    assert not plan(text).differs


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_no_file_breaks_it(text):
    for found in (text, HEAD + text):
        try:
            read_file(found)
        except WrongFile:
            continue
