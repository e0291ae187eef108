"""What can be done with an invocation by REST: say yes to its plan, stop it, run it again, share it, consent to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from actions.approvals.deciding import LONGEST_NOTE, approval_of, decide
from actions.approvals.rules import may_decide, needed
from actions.doors.owner import leave_or_end
from actions.line.again import ALL, THEN, TODAY, UNFINISHED, Wish, run_again
from actions.line.calls import go_on, selection_of
from actions.line.problems import Refusal, refuse
from actions.line.stages import must_type
from actions.line.who import agree
from actions.models import Decision
from actions.parameters.answered import forgotten, hold_longer
from actions.rest.actions import accepted, read
from actions.rest.bodies import Sent
from actions.rest.described import KEY, described
from actions.rest.invocations import TAG, OfInvocation
from actions.rest.once import once
from actions.rest.problems import problem_answer
from actions.rest.shapes import InvocationDetail
from audit.access import SHARE_KEPT, share_token
from audit.models import Invocation
from audit.states import Happened, State, WaitingFor

MORE = [400, 403, 404, 409]


class Yes(Sent):
    """A yes. `count`: where the action wants the number of tasks typed."""

    count = s.IntegerField(required=False)


class Again(Sent):
    """How it is run again."""

    how = s.ChoiceField([TODAY, THEN], default=TODAY, help_text="As the action is today, or as it was then.")
    what = s.ChoiceField([ALL, UNFINISHED], default=ALL, help_text="All of it, or the tasks without a good result.")


class Note(Sent):
    """What others read beside the decision."""

    note = s.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_NOTE)


class Link(s.Serializer):
    """A link that lets its holder read this one invocation."""

    link = s.CharField()
    days = s.IntegerField(help_text="For which it is good.")


class Confirm(OfInvocation):
    """Yes to what it will do."""

    @described(
        "Say yes to what it will do", InvocationDetail, status=202, body=Yes, more=MORE, parameters=[KEY], tag=TAG
    )
    @once
    def post(self, request: Request, pk: UUID) -> Response:
        """Whoever asked for it says it, after they have read its plan."""
        invocation, who = self.invocation(to_act=True), self.proof.who
        _demand_waiting(invocation, read(Yes, request))
        try:
            agree(selection_of(invocation), who.person)
            return accepted(self, go_on(invocation, who, confirmed=True))
        except Refusal as refusal:
            leave_or_end(invocation, refusal, who.person)
            raise


class Cancel(OfInvocation):
    """Stop it."""

    @described("Stop it", InvocationDetail, status=202, more=[400, 404, 409], parameters=[KEY], tag=TAG)
    @once
    def post(self, request: Request, pk: UUID) -> Response:
        """At once while no worker has it; else its worker is asked to."""
        invocation = self.invocation(to_act=True)
        if not invocation.ask_to_cancel(self.proof.person):
            raise _too_late("It had ended, or had been asked to stop, before.")
        invocation.refresh_from_db()
        return accepted(self, invocation)


class Rerun(OfInvocation):
    """The same once more."""

    @described("Run it again", InvocationDetail, status=202, body=Again, more=[*MORE, 413], parameters=[KEY], tag=TAG)
    @once
    def post(self, request: Request, pk: UUID) -> Response:
        """As you, through the gate as every call."""
        before, sent = self.invocation(to_act=True), read(Again, request)
        entered = run_again(before, self.proof.who, Wish(sent["how"], sent["what"]), self.address)
        if entered.problem is None:
            return accepted(self, entered.invocation)
        where = reverse("rest:invocation", args=[entered.invocation.pk])
        return problem_answer(entered.problem, instance=request._request.build_absolute_uri(where))


class Share(OfInvocation):
    """A link for others."""

    @described(
        "Make a link that lets others read it for a week", Link, status=201, more=[400, 404, 409, 415],
        parameters=[KEY], tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Recorded, as on the page; once for one key. The link opens something, and so is kept nowhere: each answer makes it."""
        invocation = self.invocation(to_act=True)
        answer = self.recorded(request, invocation)
        if answer.status_code == 201:
            path = f"{invocation.get_absolute_url()}?share={share_token(invocation)}"
            answer.data = {"link": request._request.build_absolute_uri(path), **answer.data}
        return answer

    @once
    def recorded(self, request: Request, invocation: Invocation) -> Response:
        """What is kept of the answer."""
        said = "A link was made that lets others read it."
        invocation.event(Happened.SHARED, actor=self.proof.person, text=said).save()
        return Response({"days": SHARE_KEPT.days}, 201)


class Decide(OfInvocation):
    """Consent, or not. Who may is seldom who may see everything of it, so they get no more than where it stands."""

    yes = True

    def decided(self, request: Request) -> Response:
        """Raises 404 for whom it does not concern, `CannotDecide` for who comes too late or a second time."""
        found, proof = Invocation.objects.filter(pk=self.kwargs["pk"]).first(), self.proof
        if found is None or not proof.may_read(found) or not _concerns(proof.person, found):
            raise Http404
        note = read(Note, request)["note"]
        decide(found, proof.person, yes=self.yes, note=note, by=Decision.By.REST)
        return Response({"id": str(found.pk), "state": found.state, "waiting_for": found.waiting_for})


class Decided(s.Serializer):
    """Where it stands after the decision."""

    id = s.UUIDField()
    state = s.ChoiceField(State.choices)
    waiting_for = s.ChoiceField(WaitingFor.choices, allow_blank=True)


class Approve(Decide):
    """Yes."""

    @described("Consent to it", Decided, body=Note, more=MORE, parameters=[KEY], tag=TAG)
    @once
    def post(self, request: Request, pk: UUID) -> Response:
        """The last yes that was needed sends it to the queue."""
        return self.decided(request)


class Refuse(Decide):
    """No."""

    yes = False

    @described("Do not consent to it", Decided, body=Note, more=MORE, parameters=[KEY], tag=TAG)
    @once
    def post(self, request: Request, pk: UUID) -> Response:
        """It ends there."""
        return self.decided(request)


def _demand_waiting(invocation: Invocation, sent: dict[str, Any]) -> None:
    """Raises `Refusal` unless a yes is what it waits for, and the yes is complete."""
    if invocation.state != State.WAITING or invocation.waiting_for != WaitingFor.CONFIRMATION:
        raise _too_late("It does not wait for a yes.")
    if must_type(invocation.definition, invocation.task_count) and sent.get("count") != invocation.task_count:
        detail = f"This action wants the number of its tasks, {invocation.task_count}, as `count`."
        raise refuse(422, "count", "The yes is not complete", detail, "Send it.")
    if lost := forgotten(invocation):
        raise _too_late(f"{', '.join(lost)} was held for minutes only, and is gone. Run the action anew.")
    hold_longer(invocation)


def _concerns(person: Any, invocation: Invocation) -> bool:
    """Whether it is one that this person decides about."""
    asked = needed(invocation.definition) and invocation.planned_at is not None
    return bool(asked) and may_decide(person, invocation, approval_of(invocation).departments)


def _too_late(detail: str) -> Refusal:
    return refuse(409, "too_late", "That cannot be done now", detail, "Look how it stands.")
