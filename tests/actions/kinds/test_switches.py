from __future__ import annotations

import pytest

from actions.gate.door import kind_enabled
from actions.kinds import switches
from actions.models import KindSwitch
from actions.registry import kinds
from actions.worker.run import carry_out
from audit.models import Event, Invocation
from audit.states import Happened, State
from tests.actions.conftest import GREETS
from tests.actions.making import a_person

pytestmark = pytest.mark.django_db


def greet():
    return kinds()["greet"]


def test_it_works(kinds_folder):
    kinds_folder("greet")
    assert not switches.switched_on(greet())
    assert switches.turn(greet(), True, a_person("admin"))
    assert switches.switched_on(greet())
    assert not switches.turn(greet(), True, None)
    event = Event.objects.get(what=Happened.KIND_ENABLED)
    assert (event.what, event.subject, event.actor_name) == (Happened.KIND_ENABLED, "kind:greet", "Admin")
    assert switches.turn(greet(), False, None)
    assert not switches.switched_on(greet())
    assert [event.what for event in switches.history_of(greet())] == [
        Happened.KIND_DISABLED,
        Happened.KIND_ENABLED,
        Happened.KIND_SEEN,
    ]


def test_what_the_bridge_brings_is_always_on():
    assert switches.switched_on(kinds()["debug"])
    switches.see()
    assert not KindSwitch.objects.exists()


def test_a_new_one_is_written_down_once_and_off(kinds_folder):
    kinds_folder("greet")
    kinds_folder("broken", "def run(:")
    first = switches.see()["greet"].first_seen
    assert switches.see()["greet"].first_seen == first
    assert [(row.name, row.enabled) for row in KindSwitch.objects.all()] == [("greet", False)]


def test_a_switch_counts_for_the_origin_that_was_looked_at(kinds_folder):
    """Another package that brings a kind of a trusted name is not trusted for that."""
    kinds_folder("greet")
    switches.turn(greet(), True, None)
    KindSwitch.objects.update(origin="package our-tools")
    switches._kept.clear()
    assert not switches.switched_on(greet())
    assert not switches.see()["greet"].enabled


def test_the_gate_refuses_an_action_of_one_that_is_off(kinds_folder):
    kinds_folder("greet")
    verdict = kind_enabled("greet")
    assert (verdict.code, verdict.problem.status) == ("kind_off", 403)
    assert "“Greet”, is switched off" in verdict.reason
    switches.turn(greet(), True, None)
    assert kind_enabled("greet")
    assert kind_enabled("debug")


@pytest.mark.django_db(transaction=True)
def test_the_worker_refuses_what_was_switched_off_meanwhile(kinds_folder, an_action, a_queued_invocation):
    kinds_folder("greet")
    invocation = a_queued_invocation(an_action("greet"))
    carry_out(str(invocation.pk))
    refused = Invocation.objects.get(pk=invocation.pk)
    assert (refused.state, refused.reason_code) == (State.REFUSED, "kind_off")
    switches.turn(greet(), True, None)
    other = a_queued_invocation(an_action("greet", slug="again"))
    carry_out(str(other.pk))
    other.refresh_from_db()
    assert (other.state, other.message) == (State.SUCCEEDED, "Hello, 3 tasks.")


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_exits_takes_no_worker_down(kinds_folder, an_action, a_queued_invocation):
    kinds_folder("greet", GREETS.replace("return Outcome", "raise SystemExit(1)\n    return Outcome"))
    switches.turn(greet(), True, None)
    invocation = a_queued_invocation(an_action("greet"))
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert invocation.state == State.CRASHED
    assert "SystemExit" in invocation.traceback
