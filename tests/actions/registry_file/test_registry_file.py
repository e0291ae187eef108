"""The registry goes into a file and comes back; a plan says what would change, and nothing half is ever brought in."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import CrontabSchedule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.listening.rules import save_rule
from actions.models import Action, Rule, Schedule
from actions.registry_file.planning import CannotApply, apply, plan
from actions.registry_file.reading import WrongFile, read_file
from actions.registry_file.writing import file_of_registry
from actions.schedules.changing import save_schedule
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db

HEAD = "version: 1\nactions:\n"
NEW = HEAD + "  new-one:\n    name: New “one”\n    kind: debug\n    roles: [supervisor]\n"


def export():
    return file_of_registry()


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


def test_a_dash_is_standard_input_and_output(an_action, monkeypatch):
    an_action("debug", "by-hand")
    code, text = typed("export", "-")
    assert (code, text) == (0, export())
    for words in (["plan", "-"], ["apply", "-"]):
        monkeypatch.setattr("sys.stdin", StringIO(text))
        assert typed(*words)[0] == 0
    monkeypatch.setattr("sys.stdin", StringIO(NEW))
    assert typed("plan", "-")[0] == 2


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
        ("version: 1\nactions: [a]\n", "“actions” holds one after the other, each under a slug"),
        (HEAD + "  5: {}\n", "stands a slug with its fields below it"),
        (HEAD + "  a: text\n", "stands a slug with its fields below it"),
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


@pytest.fixture
def by_itself(an_action, sample_person):
    """A schedule and a rule that start an action, on things of Kitsu."""
    bot = studio().bot()
    project, status = bot.open_projects()[0]["id"], bot.task_statuses()[0]["id"]
    action = an_action("comment", "remind")
    about = {"action_slug": action.slug, "parameters": {"text": "Late: <b>{entity_name}</b>"}, "projects": [project]}
    times = CrontabSchedule.objects.create(minute="30", hour="9", day_of_week="1-5", timezone="Europe/Paris")
    schedule = Schedule(
        name="Every “morning”", times=times, person_id=sample_person("manager")["id"], statuses=[status], due="overdue",
        **about,
    )  # fmt: skip
    save_schedule(schedule, None)
    save_rule(Rule(name="On <i>review</i>", statuses_to=[status], persons=[sample_person("user")["id"]], **about), None)
    return Schedule.objects.get(), Rule.objects.get()


def test_schedules_and_rules_go_into_the_file_and_come_back(by_itself, tmp_path, sample_person):
    schedule, rule = by_itself
    listed = tmp_path / "registry.yaml"
    assert typed("export", str(listed))[0] == 0
    text = listed.read_text()
    assert "times: 30 9 * * 1-5\n    timezone: Europe/Paris" in text
    assert sample_person("manager")["email"] in text
    assert schedule.projects[0] not in text
    assert typed("plan", str(listed)) == (0, "")
    for model in (Schedule, Rule, Action, CrontabSchedule):
        model.objects.all().delete()
    code, said = typed("plan", str(listed))
    assert (code, "+ remind" in said, "+ schedule Every “morning”" in said, "+ rule On <i>review</i>" in said) == (
        2, True, True, True,
    )  # fmt: skip
    assert not CrontabSchedule.objects.exists()
    assert typed("apply", str(listed))[0] == 0
    back = Schedule.objects.get()
    assert (back.parameters, back.projects, back.statuses, back.due) == (
        schedule.parameters, schedule.projects, schedule.statuses, "overdue",
    )  # fmt: skip
    assert back.next_at == schedule.next_at
    assert Rule.objects.get().definition() == rule.definition()
    assert typed("plan", str(listed)) == (0, "")
    assert Event.objects.filter(what=Happened.RULE_CREATED).count() == 2


def test_what_the_file_has_no_section_for_is_left_alone(by_itself):
    apply(NEW, None, delete=True)
    assert (Schedule.objects.count(), Rule.objects.count()) == (1, 1)
    apply(f"{NEW}schedules: {{}}\nrules:\n", None, delete=True)
    assert (Schedule.objects.count(), Rule.objects.count()) == (0, 0)


def test_other_times_are_other_times(by_itself):
    text = export().replace("30 9 * * 1-5", "0 2 * * *").replace("Europe/Paris", "America/New_York")
    (change,) = plan(text).changes
    assert change.fields == {"times": ("30 9 * * 1-5", "0 2 * * *"), "timezone": ("Europe/Paris", "America/New_York")}
    apply(text, None)
    schedule = Schedule.objects.get()
    assert f"{schedule.next_at.astimezone(schedule.times.timezone):%H:%M}" == "02:00"
    assert not plan(text).differs


SCHEDULE = NEW + "schedules:\n  s:\n    action_slug: new-one\n    person_id: ada@sample.studio\n    times: 0 9 * * *\n"
RULE = NEW + "rules:\n  r:\n    action_slug: new-one\n    event: comment:new\n"


def test_it_takes_a_schedule_and_a_rule_of_a_new_action():
    assert [change.key for change in apply(SCHEDULE + RULE.removeprefix(NEW), None).changes] == ["new-one", "s", "r"]


@pytest.mark.parametrize(
    ("text", "wrong", "says"),
    [
        (SCHEDULE, ("new-one\n    person", "gone\n    person"), "this one is gone"),
        (SCHEDULE, ("0 9 * * *", "0 9 * *"), "five words"),
        (SCHEDULE, ("0 9 * * *", "0 9 31 2 *"), "never"),
        (SCHEDULE, ("0 9 * * *", "0 99 * * *"), "times"),
        (SCHEDULE, ("0 9 * * *", f"{'0,' * 200}0 9 * * *"), "times"),
        (SCHEDULE, ("    times", "    timezone: Mars/Base\n    times"), "'Mars/Base' is no time zone"),
        (SCHEDULE, ("    times", "    timezone: ../../etc/passwd\n    times"), "is no time zone"),
        (SCHEDULE, ("    times", "    parameters: {none: 1}\n    times"), "no parameters"),
        (SCHEDULE, ("    times", "    parameters: 7\n    times"), "Write an object"),
        (SCHEDULE, ("    times", "    projects: [NO SUCH]\n    times"), "projects: Write a list"),
        (SCHEDULE, ("    times", "    due: never\n    times"), "due"),
        (SCHEDULE, ("    times", "    days: -1\n    times"), "days"),
        (SCHEDULE, ("    times", "    next_at: x\n    times"), "'next_at' is no field"),
        (RULE, ("comment:new", "comment:eaten"), "event"),
        (RULE, ("    event", "    runs_as: person\n    event"), "Choose the person"),
        (RULE, ("    event", "    persons: [nobody@nowhere]\n    event"), "persons: Write a list"),
        (RULE, ("    event", "    per_minute: many\n    event"), "per_minute"),
        (RULE, ("new-one\n    event", "gone\n    event"), "There is no such action"),
    ],
)
def test_a_schedule_or_rule_that_is_wrong_is_said_and_nothing_is_brought_in(text, wrong, says):
    with pytest.raises(CannotApply, match=re.escape(says)):
        apply(text.replace(*wrong), None)
    assert not Action.objects.exists()
