"""Rules on the events of a real Zou: what they ask for, whom they run as, and what keeps them from starting themselves."""

from __future__ import annotations

import os
import threading

import pytest

from actions.line import queue
from actions.line.programs import Ask, ask
from actions.line.who import Who
from actions.listening import position
from actions.listening.listener import Listener
from actions.models import Occasion, Rule
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.proof import prove
from kitsu_bridge.kitsu.studio import studio
from tests.servers.production import Production

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]

COMMENT = ["status", "text", "checklist", "mention", "attachment"]


@pytest.fixture
def production():
    """Each test has its own: Kitsu tells time to the second, so that what the test before did may still fit a new rule."""
    made = Production(3, {"lead": "manager", "second": "manager"})
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def nothing_is_sent(beside_zou, monkeypatch):
    monkeypatch.setattr(queue, "send", lambda invocation: True)


@pytest.fixture
def listener():
    return Listener(threading.Event())


@pytest.fixture
def a_rule(an_action, production):
    def make(**fields):
        if "action_slug" not in fields:
            fields["action_slug"] = an_action(slug=f"looks-{Rule.objects.count()}").slug
        usual = {"event": "task:status-changed", "dry_run": False, "projects": [production.id]}
        return Rule.objects.create(**{"name": f"Rule {Rule.objects.count()}"} | usual | fields)

    return make


@pytest.fixture
def sets(an_action, production):
    """An action that comments with a status, asking for nothing."""

    def make(short):
        values = {"text": f"Now {short}", "status": production.status(short)}
        return an_action("comment", f"to-{short}", values=values, fixed=COMMENT)

    return make


@pytest.fixture
def comment(production):
    """What somebody does in Kitsu: `comment("lead", 0, "wip")`."""
    tokens = {}

    def write(who, place, short):
        if who not in tokens:
            tokens[who] = studio().log_in(production.people[who]["email"], os.environ["TEST_ZOU_PASSWORD"])
        task = production.tasks[place]
        about = {"task_status_id": production.status(short), "comment": "?"}
        return (
            studio().session(tokens[who]).post_comment({"object_id": task["id"], "project_id": production.id, **about})
        )

    write.tokens = tokens
    return write


def came_of_it(production):
    """Place of the task and outcome of each occasion, by rule and place: events of one second have no order."""
    places = {task["id"]: place for place, task in enumerate(production.tasks)}
    return sorted((one.rule_name, places[one.task_id], one.outcome) for one in Occasion.objects.all())


def carried_out():
    """Run what was started; whether anything was."""
    found = [str(one.pk) for one in Invocation.objects.filter(state=State.QUEUED)]
    for pk in found:
        carry_out(pk)
    return bool(found)


def test_it_works(listener, a_rule, comment, production):
    wip, todo = production.status("wip"), production.status("todo")
    a_rule(name="x", statuses_from=[todo], statuses_to=[wip], persons=[production.people["lead"]["id"]])
    listener.round()
    comment("lead", 0, "wip")  # This one.
    comment("second", 1, "wip")  # Somebody else.
    comment("lead", 2, "wfa")  # Another status.
    comment("lead", 2, "wip")  # From another status.
    listener.round()
    assert came_of_it(production) == [("x", 0, "started")]
    run = Invocation.objects.get()
    assert (run.door, run.person_id, run.trust) == (Door.EVENT, production.people["lead"]["id"], Trust.PROVEN)
    carried_out()
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED
    assert listener.round() == 0


def test_two_rules_in_a_circle_turn_once(listener, a_rule, sets, comment, production):
    a_rule(name="a", statuses_to=[production.status("wip")], action_slug=sets("wfa").slug)
    a_rule(name="b", statuses_to=[production.status("wfa")], action_slug=sets("wip").slug)
    listener.round()
    comment("lead", 0, "wip")
    listener.round()
    while carried_out():
        listener.round()
    assert came_of_it(production) == [("a", 0, "started"), ("b", 0, "loop")]
    assert Invocation.objects.count() == 1


def test_what_a_click_wrote_starts_another_action_but_not_itself(listener, a_rule, sets, comment, production):
    a_rule(name="itself", statuses_to=[production.status("wfa")], action_slug=(own := sets("wfa")).slug)
    a_rule(name="other", statuses_to=[production.status("wfa")])
    listener.round()
    comment("lead", 0, "wip")
    token = comment.tokens["lead"]
    ask(Ask(own.slug, [production.tasks[0]["id"]]), Who(prove(token), Trust.PROVEN, token), Door.REST)
    carried_out()
    listener.round()
    assert came_of_it(production) == [("itself", 0, "loop"), ("other", 0, "started")]


def test_a_storm_and_a_dry_run_start_little_and_nothing(listener, a_rule, comment, production):
    a_rule(name="dry", event="comment:new", dry_run=True)
    a_rule(name="few", event="comment:new", per_minute=1)
    listener.round()
    for place in range(3):
        comment("lead", place, "todo")
    listener.round()
    made = came_of_it(production)
    assert [one for one in made if one[0] == "dry"] == [("dry", place, "dry_run") for place in range(3)]
    # A minute may have gone by between two of them.
    assert {outcome for name, _, outcome in made if name == "few"} <= {"started", "limited"}
    assert made.count(("few", 0, "started")) == 1
    assert Invocation.objects.count() == Occasion.objects.filter(outcome="started").count()


def test_what_happened_in_an_absence_is_caught_up_once(listener, a_rule, comment, production):
    a_rule(name="x", event="comment:new", per_minute=1000)
    listener.round()
    listener.stop()
    for place in range(3):
        comment("second", place, "todo")
    other = Listener(threading.Event())
    assert other.round() == 0  # The first one has the place for half a minute more.
    position.leave(listener.holder)
    assert other.round() == 3
    assert other.round() == 0
    assert came_of_it(production) == [("x", place, "started") for place in range(3)]
