"""Who a program is: tokens of Kitsu's and of the bridge's, what they may do, and what is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from actions import tokens
from actions.contract import Selection
from actions.doors.bearer import FAILURES, bearer, scope_of
from actions.gate.scope import Scope
from actions.line.calls import describe, enter
from actions.line.problems import Refusal
from actions.models import Token
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, Happened, State, Trust
from kitsu_bridge.kitsu.errors import KitsuSlow, KitsuUnavailable
from kitsu_bridge.kitsu.sample import studio as sample_studio
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    sample = studio()
    yield sample
    sample.trouble = None


@pytest.fixture
def a_token(sample_person):
    """Makes a bridge token: `a_token("manager", action_slugs=["review"])` -> its secret and its row."""

    def make(role="manager", **fields):
        row = fields.pop("person", None) or sample_person(role)
        given = {"name": "Exporter", "expires_at": timezone.now() + timedelta(days=1)} | fields
        made = tokens.make(Token(person_id=row["id"], person_name=row["full_name"], **given), None)
        return made.secret, made.token

    return make


def ask(text="", address="10.0.0.9", header=None):
    headers = {"authorization": f"Bearer {text}" if header is None else header} if text or header else {}
    return bearer(RequestFactory().get("/", headers=headers, REMOTE_ADDR=address))


def refused(text, **more):
    with pytest.raises(Refusal) as caught:
        ask(text, **more)
    return caught.value.problem


def call(proof, action, task_ids):
    """What a door does with it."""
    invocation = Invocation(door=Door.AJAX, address="10.0.0.9", state=State.REFUSED)
    describe(invocation, action, Selection(tuple(task_ids)))
    return enter(invocation, proof.who)


def productions(sample):
    """Two productions, each with a task."""
    rows = sample.bot().projects()
    found = [(row["id"], sample.bot().project_tasks(row["id"])) for row in rows]
    return [(one, tasks[0]["id"]) for one, tasks in found if tasks][:2]


def test_it_works(a_token, sample_person):
    secret, token = a_token("manager")
    proof = ask(secret)
    person = sample_person("manager")
    assert (proof.person.id, proof.person.role, proof.trust) == (person["id"], "manager", Trust.PROVEN)
    assert proof.scope == scope_of(token)
    assert proof.token == ""
    assert Token.objects.get().used_from == "10.0.0.9"


def test_a_person_of_a_bridge_token_stands_as_in_their_own_session(a_token, sample):
    for row in sample.people():
        secret, _ = a_token(person=row)
        theirs, own = ask(secret).person, ask(sample.log_in(row["email"], "any")).person
        assert theirs == own
        assert theirs.projects == own.projects, row["email"]
        assert {one: theirs.role_in(one) for one in own.projects} == {one: own.role_in(one) for one in own.projects}


def test_a_persons_own_token_of_kitsu_is_taken(sample, sample_person):
    text = sample.log_in(sample_person("user")["email"], "any")
    proof = ask(text)
    assert (proof.person.role, proof.token, proof.scope) == ("user", text, None)
    assert proof.identity.person == proof.person
    assert text not in repr(proof)


def test_a_bots_token_of_kitsu_is_taken_here_and_nowhere_else(sample, client):
    bot = next(row for row in sample.tables.persons.values() if row["is_bot"])
    part = uuid.uuid4().hex
    text = f"sample-{part}.{bot['id']}.{sample_studio._seal(part, bot['id'])}"
    proof = ask(text)
    assert proof.person.is_bot
    assert proof.person.projects
    assert proof.token == ""  # The bridge's own account reads for it.
    client.cookies["access_token_cookie"] = text
    assert client.get("/mine/").status_code == 302  # A bot does not sit at a browser.


@pytest.mark.parametrize("header", [None, "", "Basic a:b", "Token x", "bearer"])
def test_without_the_header_it_is_nobody(header, a_token):
    request = RequestFactory().get("/", headers={"authorization": header} if header else {})
    if header == "bearer":
        with pytest.raises(Refusal):
            bearer(request)
    else:
        assert bearer(request) is None


@pytest.mark.parametrize("text", ["x", "a.b.c", "kb_x", "kb_" + "a" * 49, "é", "a" * 10_000])
def test_what_is_no_token_is_refused(text):
    problem = refused(text)
    assert (problem.status, problem.code) == (401, "token")
    assert text not in problem.sentence or len(text) < 3


def test_a_token_that_is_over_is_refused(a_token):
    secret, token = a_token()
    tokens.revoke(token, None)
    assert refused(secret).status == 401


def test_a_token_goes_with_its_account(a_token, sample, sample_person):
    secret, _ = a_token(person=next(row for row in sample.tables.persons.values() if not row["active"]))
    assert refused(secret).status == 401
    secret, token = a_token()
    Token.objects.filter(pk=token.pk).update(person_id="gone")
    assert refused(secret).status == 401


def test_kitsu_being_away_is_no_refusal(a_token, sample, sample_person):
    secret, _ = a_token()
    text = sample.log_in(sample_person("user")["email"], "any")
    sample.trouble = KitsuSlow()
    for one in (secret, text):
        with pytest.raises(KitsuUnavailable):
            ask(one)


def test_nobody_guesses_for_long(a_token):
    secret, _ = a_token()
    for _ in range(int(FAILURES.partition("/")[0])):
        assert refused("x", address="203.0.113.5").status == 401
    problem = refused(secret, address="203.0.113.5")
    assert (problem.status, problem.code) == (429, "token_rate")
    assert problem.retry_after > 0
    assert ask(secret, address="203.0.113.6")


def test_good_ones_are_not_counted(a_token):
    secret, _ = a_token()
    for _ in range(40):
        assert ask(secret)


def test_the_gate_holds_it_to_its_actions(a_token, an_action, sample_task_ids):
    review, export = an_action(slug="review"), an_action(slug="export")
    proof = ask(a_token("admin", action_slugs=["review"])[0])
    assert call(proof, review, sample_task_ids(1)).state == State.QUEUED
    with pytest.raises(Refusal) as caught:
        call(proof, export, sample_task_ids(1))
    assert caught.value.problem.code == "token_action"
    assert "Exporter" in caught.value.problem.sentence


@pytest.mark.django_db(transaction=True)
def test_the_gate_holds_it_to_its_productions(a_token, an_action, sample):
    (inside, good), (_, bad) = productions(sample)
    proof = ask(a_token("admin", production_ids=[inside])[0])
    action = an_action(double_click_window=0)
    runs = {}
    for name, task_ids in {"good": [good], "bad": [bad], "both": [good, bad]}.items():
        runs[name] = call(proof, action, task_ids)
        carry_out(str(runs[name].pk))
        runs[name].refresh_from_db()
    assert runs["good"].state == State.SUCCEEDED
    for name in ("bad", "both"):
        assert (runs[name].state, runs[name].reason_code) == (State.REFUSED, "token_production")
        assert not runs[name].results.filter(state="done").exists()


def test_the_record_says_which_token_it_was(a_token, an_action, sample_task_ids):
    secret, token = a_token("admin")
    invocation = call(ask(secret), an_action(), sample_task_ids(1))
    invocation.refresh_from_db()
    assert invocation.bearer == {"id": str(token.pk), "name": "Exporter", "actions": [], "productions": []}
    proven = invocation.events.get(what=Happened.PROVEN)
    assert "Exporter" in proven.text
    assert proven.data["bearer"]["id"] == str(token.pk)


def test_two_tokens_of_one_account_are_no_double_click(a_token, an_action, sample_task_ids):
    action = an_action()
    one, other = (ask(a_token("admin", name=name)[0]) for name in ("One", "Other"))
    assert call(one, action, sample_task_ids(1)) == call(one, action, sample_task_ids(1))
    assert call(one, action, sample_task_ids(1)) != call(other, action, sample_task_ids(1))


def test_it_reads_what_it_is_for(a_token, an_action, a_queued_invocation, sample):
    (inside, _), (outside, _) = productions(sample)
    review, export = an_action(slug="review"), an_action(slug="export")
    proof = ask(a_token("admin", action_slugs=["review"], production_ids=[inside])[0])
    own = a_queued_invocation(export, bearer=proof.scope.as_json())
    good = a_queued_invocation(review, project_ids=[inside])
    others = [
        a_queued_invocation(review, project_ids=[outside]),
        a_queued_invocation(review, project_ids=[inside, outside]),
        a_queued_invocation(review),
        a_queued_invocation(export, project_ids=[inside]),
    ]
    assert set(proof.narrowed(Invocation.objects.all())) == {own, good}
    assert all(map(proof.may_read, (own, good)))
    assert not any(map(proof.may_read, others))


def test_a_scope_that_names_nothing_narrows_nothing(an_action, a_queued_invocation):
    one = a_queued_invocation(an_action())
    scope = Scope("id", "name")
    assert list(scope.narrowed(Invocation.objects.all())) == [one]
    assert scope.holds(one)
    assert Scope.from_json(scope.as_json()) == scope
    assert Scope.from_json({}) is None
