"""`execute_action` with every way of naming records, what is recorded, and what is refused."""

from __future__ import annotations

import uuid

import pytest

from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State, Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuSlow
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def production():
    bot = studio().bot()
    project = bot.projects()[0]
    return project["id"], bot.project_tasks(project["id"])


@pytest.fixture
def run(jet, an_action):
    """Runs the action `debug` on what is said; the answer and the newest record."""
    an_action()

    def call(params=None, secret=None, **said):
        answer = jet("execute_action", {"name": "debug", "params": params or {}} | said, secret=secret)
        return answer, Invocation.objects.order_by("received_at").last()

    return call


def two_shots(tasks):
    """Two entities with several tasks, and the tasks of each, in the order of their ids."""
    by_entity = {}
    for row in tasks:
        by_entity.setdefault(row["entity_id"], []).append(row["id"])
    several = [(entity, sorted(ids)) for entity, ids in by_entity.items() if len(ids) > 1]
    return several[:2]


def test_it_works(run, sample_task_ids):
    answer, invocation = run(model="task", ids=sample_task_ids(2), inverseIds=False)
    assert (answer.status_code, answer.json()["result"], answer.json()["state"]) == (200, True, "queued")
    assert answer.json()["page"].endswith(invocation.get_absolute_url())
    assert (invocation.door, invocation.state, invocation.trust) == (Door.JET, State.QUEUED, Trust.PROVEN)
    assert invocation.task_ids == sample_task_ids(2)
    assert invocation.bearer["name"] == "Jet"


def test_records_are_named_in_every_way(run, sample_task_ids):
    first, second = sample_task_ids(2)
    for said in (
        {"model": "task", "id": first},
        {"model": "zou;task", "id": first},
        {"model": "task", "ids": first},
        {"model": "task", "params": {"ids": first}},
    ):
        assert run(**said)[1].task_ids == [first], said
    for said in (
        {"model": "task", "ids": [first, second]},
        {"model": "task", "ids": f"{first},{second}"},
        {"model": "task", "params": {"ids": f"{first}, {second}"}},
        {"ids": [first, second]},
    ):
        assert run(**said)[1].task_ids == [first, second], said


def test_an_entity_is_all_its_tasks(run, production):
    (one, ones), (two, twos) = two_shots(production[1])
    assert run(model="entity", ids=[two, one])[1].task_ids == [*twos, *ones]
    assert run(model="entity", id=one.upper())[1].task_ids == ones
    assert run(model="shots", ids=[one, twos[0]])[1].task_ids == [*ones, twos[0]]


def test_all_but_these_is_the_rest_of_the_tokens_productions(run, production, a_secret):
    project_id, tasks = production
    secret = a_secret(production_ids=[project_id])
    (one, ones), _ = two_shots(tasks)
    rest = {row["id"] for row in tasks} - set(ones)
    for said in ({"model": "entity", "ids": [one]}, {"model": "task", "ids": ones}):
        for name in ("inverseIds", "inverse_ids"):
            assert set(run(secret=secret, **said, **{name: True})[1].task_ids) == rest
    assert set(run(secret=secret, model="task", ids=[], inverseIds=True)[1].task_ids) == {row["id"] for row in tasks}


def test_all_but_these_is_the_rest_of_the_actions_productions(jet, an_action, production):
    project_id, tasks = production
    an_action(projects=[project_id])
    jet("execute_action", {"name": "debug", "model": "task", "ids": [tasks[0]["id"]], "inverseIds": True})
    assert set(Invocation.objects.get().task_ids) == {row["id"] for row in tasks[1:]}


def test_it_refuses_all_but_these_of_the_whole_studio(run, sample_task_ids):
    answer, invocation = run(model="task", ids=sample_task_ids(1), inverseIds=True)
    assert answer.status_code == 400
    assert "productions" in answer.json()["non_field_errors"][0]
    assert (invocation.door, invocation.state, invocation.reason_code) == (Door.JET, State.REFUSED, "inverse")


def test_a_token_reads_no_more_than_its_person(run, production, a_secret):
    """A vendor sees the tasks assigned to them."""
    project_id, tasks = production
    secret = a_secret("pixelworks@sample.studio", production_ids=[project_id])
    _, invocation = run(secret=secret, model="task", ids=[], inverseIds=True)
    assert len(invocation.task_ids) < len(tasks)


def test_parameters_are_read_as_jet_sends_them(jet, kinds_folder, sample_task_ids):
    from actions.kinds.switches import turn
    from actions.models import Action
    from actions.registry import kinds

    kinds_folder("greet")
    turn(kinds()["greet"], True, None)
    Action.objects.create(name="Greet", slug="greet", kind="greet")
    said = {"name": "greet", "model": "task", "ids": sample_task_ids(1)}
    assert jet("execute_action", said | {"params": {"word": {"en": "Hi"}}}).status_code == 200
    assert Invocation.objects.get().parameters == {"word": "Hi"}
    answer = jet("execute_action", said | {"params": {"word": ["Hi"], "loud": True}})
    assert answer.status_code == 400
    assert set(answer.json()) == {"word", "loud"}
    assert Invocation.objects.filter(state=State.REFUSED, reason_code="parameters").count() == 1


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"model": "task", "ids": []}, 400, "selection"),
        ({"model": "task"}, 400, "selection"),
        ({"model": "entity", "ids": ["7"]}, 400, "bad_ids"),
        ({"model": "task", "ids": [{"a": "<b>"}]}, 400, "bad_ids"),
        ({"model": "entity", "ids": ["\ud800"]}, 400, "bad_ids"),
    ],
)
def test_it_refuses_records_that_are_none(run, said, status, code):
    answer, invocation = run(**said)
    assert (answer.status_code, list(answer.json())) == (status, ["non_field_errors"])
    assert (invocation.state, invocation.reason_code) == (State.REFUSED, code)


@pytest.mark.parametrize("params", [None, [], "text", {"model": "task"}, {"name": 5}, {"name": "debug", "params": [1]}])
def test_it_refuses_what_says_no_action(jet, an_action, params):
    an_action()
    answer = jet("execute_action", params)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"


def test_it_refuses_by_the_gate_and_says_why_to_programs(jet, an_action, sample_task_ids):
    an_action(roles=["client"])
    said = {"name": "debug", "model": "task", "ids": sample_task_ids(1)}
    page = jet("execute_action", said)
    assert (page.status_code, page.headers["Content-Type"]) == (403, "text/html")
    answer = jet("execute_action", said, accept="application/json")
    assert (answer.status_code, "role client" in answer.json()["non_field_errors"][0]) == (403, True)
    assert Invocation.objects.filter(door=Door.JET, reason_code="role").count() == 2


def test_it_refuses_what_the_token_is_not_for(run, a_secret, sample_task_ids):
    answer, invocation = run(secret=a_secret(action_slugs=["other"]), model="task", ids=sample_task_ids(1))
    assert (answer.status_code, invocation.reason_code) == (403, "token_action")


@pytest.mark.parametrize("header", ["", "Token kb_no", "Basic abc", "Token", ",", "Bearer  ;a=b"])
def test_without_a_token_nothing_runs_and_that_is_recorded(client, an_action, sample_task_ids, header):
    an_action()
    message = {"name": "execute_action", "params": {"name": "debug", "model": "task", "ids": sample_task_ids(1)}}
    answer = client.post("/api/messages/", message, "application/json", headers={"authorization": header})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html")
    invocation = Invocation.objects.get()
    assert (invocation.door, invocation.state, invocation.reason_code) == (Door.JET, State.REFUSED, "token")
    assert (invocation.action_slug, invocation.person_id, sample_task_ids(1)[0] in invocation.payload) == (
        "debug",
        "",
        True,
    )


def test_a_cookie_is_no_token(client, an_action, sample_task_ids):
    an_action()
    client.cookies["access_token_cookie"] = studio().log_in("ada@sample.studio", "any")
    message = {"name": "execute_action", "params": {"name": "debug", "ids": sample_task_ids(1)}}
    headers = {"origin": "http://testserver"}
    assert client.post("/api/messages/", message, "application/json", headers=headers).status_code == 403


@pytest.mark.parametrize("form", ["Token {}", "ProjectToken {}", "JWT {}", "Bearer {}", "Token {};project=a",
                                  "Token kb_wrong,JWT {}"])  # fmt: skip
def test_a_token_comes_in_each_of_jets_forms(client, an_action, a_secret, form):
    an_action()
    headers = {"authorization": form.format(a_secret())}
    answer = client.post("/api/messages/", {"name": "get_action_list"}, "application/json", headers=headers)
    assert [one["name"] for one in answer.json()] == ["debug"]


def test_a_token_of_kitsus_is_taken_too(client, an_action):
    an_action()
    headers = {"authorization": f"JWT {studio().log_in('hana@sample.studio', 'any')}"}
    answer = client.post("/api/messages/", {"name": "get_action_list"}, "application/json", headers=headers)
    assert len(answer.json()) == 1


def test_when_kitsu_does_not_answer_it_is_recorded_as_refused(run, production):
    entity = production[1][0]["entity_id"]
    run(model="task", id=production[1][0]["id"])
    studio().trouble = KitsuSlow("It took too long.")
    try:
        answer, invocation = run(model="entity", id=entity)
    finally:
        studio().trouble = None
    assert answer.status_code == 503
    assert invocation.state == State.REFUSED


@pytest.mark.django_db(transaction=True)
def test_what_asks_first_runs_with_a_yes_and_waits_without(jet, an_action, sample_task_ids):
    an_action(confirm_first=True, double_click_window=0)
    said = {"name": "debug", "model": "task", "ids": sample_task_ids(1)}
    jet("execute_action", said)
    plan = Invocation.objects.get()
    carry_out(str(plan.pk))
    plan.refresh_from_db()
    assert (plan.state, plan.waiting_for) == (State.WAITING, WaitingFor.CONFIRMATION)
    jet("execute_action", said | {"params": {"confirmed": True}})
    run = Invocation.objects.get(state=State.QUEUED)
    carry_out(str(run.pk))
    run.refresh_from_db()
    assert (run.state, "confirmed" in run.parameters) == (State.SUCCEEDED, False)


def test_the_same_again_within_seconds_is_a_double_click(run, sample_task_ids):
    first, _ = run(model="task", ids=sample_task_ids(1))
    second, _ = run(model="task", ids=sample_task_ids(1))
    assert first.json()["page"] == second.json()["page"]
    assert Invocation.objects.count() == 1


def test_a_thousand_records_are_one_invocation(run):
    ids = [str(uuid.uuid4()) for _ in range(1000)]
    _, invocation = run(model="task", ids=ids)
    assert (invocation.state, invocation.task_count) == (State.QUEUED, 1000)


def test_a_secret_stands_nowhere(run, a_secret, sample_task_ids):
    secret = a_secret()
    _, invocation = run(secret=secret, model="task", ids=sample_task_ids(1))
    events = " ".join(str(one.data) + one.text for one in invocation.events.all())
    assert secret not in f"{invocation.payload} {invocation.bearer} {invocation.definition} {events}"
