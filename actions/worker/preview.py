"""What a run will do, said before it is done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from actions.contract import ActionError, Call, Plan, Step
from actions.line.stages import ASK_FIRST, ASK_PARAMETERS, Wait, ask_approval, must_confirm, wait
from actions.parameters.asked import asked_of
from actions.registry import Kind
from actions.worker.ending import Ending
from actions.worker.report import RecordedReport, clean
from audit.models import Invocation
from audit.states import Happened, State

UNKNOWN = "It will run on this task; this kind of action does not say more beforehand."

LEFT = ("waiting_for", "reason", "expires_at", "next_at")


def plan_of(kind: Kind, call: Call, arguments: dict[str, Any]) -> Plan:
    """The kind's own plan; of a kind that has none, the tasks it would be given."""
    if kind.preview is None:
        return Plan("", [Step(task, UNKNOWN) for task in call.tasks])
    plan = kind.preview(call, **arguments)
    if not isinstance(plan, Plan):
        raise TypeError(f"The preview returned {type(plan).__name__}, not a Plan.")
    return plan


def planned(invocation: Invocation, plan: Plan, report: RecordedReport) -> Ending:
    """Write down the plan; then it waits for the person's yes, or straight for that of others."""
    report.planned(plan.steps)
    mine = must_confirm(invocation.definition, invocation.task_count)
    what = ASK_FIRST if mine else ask_approval(invocation.definition)
    blocked = sum(step.blocked for step in plan.steps)
    same = sum(step.same for step in plan.steps)
    text = f"{len(plan.steps) - blocked - same:,} tasks to do, {blocked:,} blocked."
    return _back_to_waiting(
        invocation, what, Happened.PLANNED, text, message=clean(plan.message), planned_at=timezone.now()
    )


def refused_parameters(invocation: Invocation, error: ActionError) -> Ending | None:
    """What the kind says against the parameters stands above their form; None where nobody was asked for any."""
    if not asked_of(invocation.definition):
        return None
    again = Wait(ASK_PARAMETERS.waiting_for, clean(str(error)))
    return _back_to_waiting(invocation, again, Happened.WAITING, again.reason, given_at=None)


def _back_to_waiting(invocation: Invocation, what: Wait, happened: Happened, text: str, **more: Any) -> Ending:
    wait(invocation, what)
    fields = {name: getattr(invocation, name) for name in LEFT}
    begun_anew = {"previewing": False, "claim": None, "attempts": 0, "started_at": None, "progress_text": ""}
    counted = {"done_count": 0, "total_count": 0}
    return Ending(State.WAITING, {**fields, **begun_anew, **counted, **more}, happened, text)
