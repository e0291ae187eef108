from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from actions.line.programs import Ask, ask
from actions.line.who import Who
from actions.listening.rules import delete_rule, history_of, save_rule
from actions.models import Action, Occasion, Rule
from actions.worker.run import carry_out
from audit.models import Event, Invocation
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.studio import studio
from tests.actions.listening.conftest import comment, started, status

Outcome = Occasion.Outcome


def only():
    return Occasion.objects.get()


def run_after(listener, do):
    """What came of one deed."""
    listener.round()
    do()
    listener.round()


CONDITIONS = {
    "projects": lambda task: task["project_id"],
    "task_types": lambda task: task["task_type_id"],
    "statuses_from": lambda task: task["task_status_id"],
    "statuses_to": lambda task: status("wip"),
    "persons": lambda task: studio().session_of("ada@sample.studio").whoami()["id"],
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_it_works(listener, a_rule, tasks, name):
    fits = a_rule(**{name: [CONDITIONS[name](tasks[0])]})
    a_rule(**{name: ["00000000-0000-4000-8000-000000000000"]})
    run_after(listener, lambda: comment(tasks[0], "wip"))
    assert [occasion.rule for occasion in Occasion.objects.all()] == [fits]


def test_another_event_fits_nothing(listener, a_rule, tasks):
    a_rule(event="task:assign")
    run_after(listener, lambda: comment(tasks[0], "wip"))
    assert not Occasion.objects.exists()


def test_a_thumbnail_leads_to_its_task(listener, a_rule, tasks, own_studio):
    a_rule(event="preview-file:set-main")
    preview = next(iter(own_studio.tables.preview_files.values()))
    ada = own_studio.session_of("ada@sample.studio")
    run_after(listener, lambda: ada.set_main_preview(preview["id"]))
    assert only().task_id == preview["task_id"]
    assert started()[0].task_ids == [preview["task_id"]]


def test_a_dry_run_only_records(listener, a_rule, tasks):
    rule = a_rule(dry_run=True)
    run_after(listener, lambda: comment(tasks[0], "wip"))
    assert (only().outcome, only().invocation) == (Outcome.DRY_RUN, None)
    assert Action.objects.get(slug=rule.action_slug).name in only().reason
    assert not Invocation.objects.exists()


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_action_that_is_gone_or_off_is_said_so(listener, a_rule, tasks, dry_run):
    gone, off = a_rule(dry_run=dry_run), a_rule(dry_run=dry_run)
    Action.objects.filter(slug=gone.action_slug).delete()
    Action.objects.filter(slug=off.action_slug).update(enabled=False)
    run_after(listener, lambda: comment(tasks[0], "wip"))
    reasons = {occasion.rule: occasion.reason for occasion in Occasion.objects.all()}
    assert ("not there any more" if dry_run else "No action has the name") in reasons[gone]
    assert "switched off" in reasons[off]
    assert not Invocation.objects.exclude(state=State.REFUSED).exists()


def test_nobody_gets_more_by_a_rule_than_by_a_click(listener, an_action, a_rule, tasks, own_studio):
    an_action(slug="for-admins", roles=["admin"])
    a_rule(action_slug="for-admins")
    task = next(row for row in tasks if row["assignees"])
    email = own_studio.tables.persons[task["assignees"][0]]["email"]
    run_after(listener, lambda: comment(task, "wip", own_studio.session_of(email)))
    assert only().outcome == Outcome.REFUSED
    assert (started()[0].state, started()[0].reason_code) == (State.REFUSED, "role")


def test_wrong_parameters_are_refused_and_recorded(listener, a_rule, tasks):
    a_rule(parameters={"nothing": 1})
    run_after(listener, lambda: comment(tasks[0], "wip"))
    assert only().outcome == Outcome.REFUSED
    assert started()[0].reason_code == "parameters"


def test_it_runs_as_whom_the_rule_names(listener, a_rule, tasks, sample_person):
    greta = sample_person("supervisor")
    a_rule(runs_as="person", person_id=greta["id"])
    a_rule(runs_as="bot")
    run_after(listener, lambda: comment(tasks[0], "wip"))
    people = {run.person_id for run in started()}
    assert people == {greta["id"], studio().bot().whoami()["id"]}
    assert {run.trust for run in started()} == {Trust.PROVEN}


def test_somebody_who_is_not_there_any_more_runs_nothing(listener, a_rule, tasks, own_studio):
    a_rule(runs_as="person", person_id="00000000-0000-4000-8000-000000000000")
    noa = next(row for row in own_studio.tables.persons.values() if row["role"] == "user")
    a_rule(runs_as="person", person_id=noa["id"])
    own_studio.tables.persons[noa["id"]]["active"] = False
    run_after(listener, lambda: comment(tasks[0], "wip"))
    assert {occasion.outcome for occasion in Occasion.objects.all()} == {Outcome.NOBODY}
    assert not started()


def test_what_nobody_did_runs_as_nobody(listener, a_rule, tasks, own_studio):
    a_rule()
    data = {"task_id": tasks[0]["id"]}
    run_after(listener, lambda: own_studio.happened.emit("task:status-changed", None, tasks[0]["project_id"], data))
    assert (only().outcome, only().reason) == (Outcome.NOBODY, "Kitsu does not say who caused it.")


def test_a_task_that_is_gone_is_said_so(listener, a_rule, tasks, own_studio):
    a_rule()

    def do():
        comment(tasks[0], "wip")
        del own_studio.tables.tasks[tasks[0]["id"]]

    run_after(listener, do)
    assert only().outcome == Outcome.BROKEN
    assert "not there any more" in only().reason


def test_what_the_bot_does_starts_nothing(listener, a_rule, tasks):
    a_rule()
    run_after(listener, lambda: comment(tasks[0], "wip", studio().bot()))
    assert only().outcome == Outcome.LOOP
    assert not started()


@pytest.fixture
def sets_status(an_action):
    """An action that sets the status which starts it."""
    return an_action("comment", "set-wip", values={"status": status("wip")}, fixed=["status"], confirm_first=False)


def clicked(person, task):
    """The action was run by a person with their own session, as the worker does it."""
    token = studio().log_in(person["email"], "any")
    wish = Ask("set-wip", [task["id"]], confirmed=True)
    run = ask(wish, Who(Person.from_record(person), Trust.PROVEN, token), Door.FORM).invocation
    carry_out(str(run.pk))
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.reason
    return run


def test_an_action_that_sets_the_status_that_starts_it_starts_itself_no_second_time(
    listener, a_rule, tasks, sets_status, sample_person
):
    again = a_rule(action_slug="set-wip", statuses_to=[status("wip")])
    other = a_rule(statuses_to=[status("wip")])
    run_after(listener, lambda: clicked(sample_person(), tasks[0]))
    outcomes = {one.rule: one.outcome for one in Occasion.objects.all()}
    assert outcomes == {again: Outcome.LOOP, other: Outcome.STARTED}


def test_what_a_rule_started_starts_nothing(listener, a_rule, tasks, sets_status):
    """A person changes the status by hand; the rule's run sets another one, as the bot, for which there is a rule as well."""
    first = a_rule(action_slug="set-wip", statuses_to=[status("todo")])
    second = a_rule(statuses_to=[status("wip")])
    task = next(row for row in tasks if row["task_status_id"] != status("todo"))
    run_after(listener, lambda: comment(task, "todo"))
    (run,) = started()
    carry_out(str(run.pk))
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED, run.reason
    listener.round()
    outcomes = {one.rule: one.outcome for one in Occasion.objects.all()}
    assert outcomes == {first: Outcome.STARTED, second: Outcome.LOOP}
    assert len(started()) == 1


def test_a_circle_through_another_program_ends(listener, a_rule, tasks):
    a_rule(per_minute=1000)
    listener.round()
    for turn in range(10):
        comment(tasks[0], ("wip", "todo")[turn % 2])
        listener.round()
    outcomes = list(Occasion.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == [Outcome.STARTED] * 5 + [Outcome.LOOP] * 5


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"event": "task:assign", "statuses_from": ["x"]}, "statuses_from"),
        ({"event": "task:assign", "statuses_to": ["x"]}, "statuses_to"),
        ({"runs_as": "person"}, "person_id"),
        ({"action_slug": "gone"}, "action_slug"),
        ({"parameters": [1]}, "parameters"),
        ({"per_minute": 0}, "per_minute"),
    ],
)
def test_it_refuses_what_contradicts_itself(an_action, fields, where):
    an_action()
    with pytest.raises(ValidationError) as caught:
        Rule(**{"name": "x", "action_slug": "debug"} | fields).full_clean()
    assert set(caught.value.message_dict) == {where}


def test_every_change_is_recorded(an_action):
    an_action()
    ada = Person("1", "ada@x", "Ada", "admin")
    rule = Rule(name="x", action_slug="debug")
    assert save_rule(rule, ada)
    assert not save_rule(rule, ada)
    since, rule.name = rule.since, "y"
    assert save_rule(rule, ada)
    assert rule.since == since  # Its name changes nothing of what it fits.
    rule.event = "comment:new"
    assert save_rule(rule, ada)
    assert rule.since > since
    subject = rule.subject
    assert [event.what for event in history_of(rule)][-1] == Happened.RULE_CREATED
    delete_rule(rule, ada)
    whats = [event.what for event in Event.objects.filter(subject=subject).order_by("id")]
    assert whats == [Happened.RULE_CREATED, Happened.RULE_CHANGED, Happened.RULE_CHANGED, Happened.RULE_DELETED]
