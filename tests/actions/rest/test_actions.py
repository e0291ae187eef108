"""Actions by REST: the list, one of them, runs and previews."""

from __future__ import annotations

import pytest

from audit.models import Invocation
from audit.states import Door, State

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = ["ada", "hana", "greta", "noa", "clara", "pixelworks"]


def test_it_works(program, an_action, sample_task_ids, at_once):
    action = an_action("debug")
    ada = program()
    answer = ada.post(f"actions/{action.slug}/run/", {"tasks": sample_task_ids(3)})
    assert answer.status_code == 202
    invocation = Invocation.objects.get()
    assert answer.headers["Location"].endswith(f"/api/v1/invocations/{invocation.pk}/")
    assert (invocation.door, invocation.person_email) == (Door.REST, "ada@sample.studio")
    told = ada.client.get(answer.headers["Location"]).json()
    assert (told["state"], told["task_count"], told["door"]) == ("succeeded", 3, "rest")


def test_it_lists_what_one_may_run(program, an_action):
    for number in range(5):
        an_action("debug", f"for-all-{number}")
    an_action("debug", "for-managers", roles=["manager"])
    an_action("debug", "off", enabled=False)
    seen = []
    noa = program("noa")
    answer = noa.get("actions/", {"limit": 2}).json()
    while True:
        seen += [row["slug"] for row in answer["results"]]
        if not answer["next"]:
            break
        answer = noa.client.get(answer["next"]).json()
    assert seen == [f"for-all-{number}" for number in range(5)]
    assert noa.get("actions/for-managers/").status_code == 404
    assert "for-managers" in str(program("hana").get("actions/").json())


def test_it_tells_what_an_action_asks_for(program, an_action):
    an_action("comment", "say", values={"text": "Hello"})
    told = program().get("actions/say/").json()["parameters"]
    assert told["type"] == "object"
    assert told["properties"]["text"]["default"] == "Hello"


def test_it_says_what_would_be_done_and_takes_the_yes(program, an_action, sample_task_ids, at_once):
    an_action("debug")
    hana = program("hana")
    answer = hana.post("actions/debug/preview/", {"tasks": sample_task_ids(2)})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["waiting_for"], len(told["steps"])) == ("waiting", "confirmation", 2)
    assert {step["state"] for step in told["steps"]} <= {"planned", "blocked"}
    assert program("ada").post(f"invocations/{told['id']}/confirm/").status_code == 403
    assert Invocation.objects.get().state == State.WAITING
    assert hana.post(f"invocations/{told['id']}/confirm/").status_code == 202
    assert Invocation.objects.get().state == State.SUCCEEDED
    assert hana.post(f"invocations/{told['id']}/confirm/").json()["code"] == "too_late"


def test_it_says_yes_beforehand(program, an_action, sample_task_ids, at_once):
    an_action("debug", confirm_first=True)
    program().post("actions/debug/run/", {"tasks": sample_task_ids(1), "confirmed": True})
    assert Invocation.objects.get().state == State.SUCCEEDED


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tasks"),
        ({"tasks": []}, "tasks"),
        ({"tasks": ["x"]}, "tasks"),
        ({"tasks": "x", "parameters": []}, "parameters"),
        ([], "body"),
        ({"tasks": ["06eae813-c368-5be7-a9ef-97ce57dc1196"], "parametrs": {}}, "parametrs"),
        ({"tasks": ["06eae813-c368-5be7-a9ef-97ce57dc1196"], "confirm": True}, "confirm"),
    ],
)
def test_it_says_what_is_wrong_by_field(program, an_action, body, field):
    an_action("debug")
    answer = program().post("actions/debug/run/", body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_it_says_which_parameter_is_wrong(program, an_action, sample_task_ids, kept_back):
    an_action("debug")
    answer = program().post("actions/debug/run/", {"tasks": sample_task_ids(1), "parameters": {"strange": 1}})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["parameters.strange"]
    refused = Invocation.objects.get()
    assert (refused.state, refused.door) == (State.REFUSED, Door.REST)
    assert answer.json()["instance"].endswith(f"/invocations/{refused.pk}/")


@pytest.mark.parametrize("secret", ["", "kb_" + "a" * 49, "eyJhbGciOi.no.token"], ids=["none", "bridge", "kitsu"])
def test_who_is_unknown_is_refused_and_recorded(program, an_action, sample_task_ids, secret):
    an_action("debug")
    answer = program(secret=secret).post("actions/debug/run/", {"tasks": sample_task_ids(1)})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    refused = Invocation.objects.get()
    assert (refused.state, refused.door, refused.person_id) == (State.REFUSED, Door.REST, "")


def test_a_session_of_a_browser_opens_nothing(client, an_action, sample_task_ids, django_user_model):
    from kitsu_bridge.kitsu.studio import studio

    an_action("debug")
    client.force_login(django_user_model.objects.create_superuser("operator", password="x" * 20))
    client.cookies["access_token_cookie"] = studio().log_in("ada@sample.studio", "any")
    body = {"tasks": sample_task_ids(1)}
    assert client.post("/api/v1/actions/debug/run/", body, content_type="application/json").status_code == 401
    assert client.get("/api/v1/invocations/").status_code == 401


def test_a_token_is_held_to_its_actions_and_productions(bridge_token, an_action, sample_task_ids, kept_back):
    from kitsu_bridge.kitsu.studio import studio

    an_action("debug", "mine")
    an_action("debug", "other")
    held, token = bridge_token("admin", action_slugs=["mine"])
    assert [row["slug"] for row in held.get("actions/").json()["results"]] == ["mine"]
    assert held.get("actions/other/").status_code == 404
    assert held.post("actions/other/run/", {"tasks": sample_task_ids(1)}).json()["code"] == "token_action"
    assert held.post("actions/mine/run/", {"tasks": sample_task_ids(1)}).status_code == 202
    assert Invocation.objects.latest("received_at").bearer["id"] == str(token.pk)
    elsewhere = studio().bot().projects()[1]["id"]
    narrow, _ = bridge_token("admin", production_ids=[elsewhere])
    answer = narrow.post("actions/mine/run/", {"tasks": sample_task_ids(1)})
    from actions.worker.run import carry_out

    carry_out(answer.json()["id"])
    assert Invocation.objects.get(pk=answer.json()["id"]).reason_code == "token_production"


def test_it_refuses_revoked_and_expired_tokens(bridge_token, an_action):
    from datetime import timedelta

    from django.utils import timezone

    from actions import tokens

    gone, token = bridge_token()
    assert gone.get("actions/").status_code == 200
    tokens.revoke(token, None)
    assert gone.get("actions/").status_code == 401
    late, _ = bridge_token(expires_at=timezone.now() - timedelta(seconds=1))
    assert late.get("actions/").status_code == 401


def test_runs_count_for_the_rates(settings, program, an_action, sample_task_ids, kept_back):
    settings.RATE_PER_PERSON = "2/minute"
    an_action("debug")
    ada = program()
    answers = [ada.post("actions/debug/run/", {"tasks": sample_task_ids(1 + n)}) for n in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_reading_counts_too(settings, program):
    settings.RATE_PER_ADDRESS = "2/minute"
    answers = [program().get("actions/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("name", ROLES)
def test_each_role_gets_an_answer(program, an_action, sample_task_ids, at_once, name):
    an_action("debug")
    somebody = program(name)
    assert somebody.get("actions/").status_code == 200
    answer = somebody.post("actions/debug/run/", {"tasks": sample_task_ids(1)})
    assert answer.status_code == 202
    assert somebody.get("invocations/").json()["results"][0]["id"] == answer.json()["id"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "data", "status"),
    [
        ("get", "nowhere/", {}, None, 404),
        ("put", "actions/", {}, {}, 405),
        ("get", "actions/", {"accept": "text/csv"}, None, 406),
        ("get", "actions/?acton=x", {}, None, 422),
        ("get", "actions/?limit=x", {}, None, 422),
        ("get", "invocations/?cursor=x", {}, None, 422),
        ("get", "invocations/?since=someday", {}, None, 422),
        ("get", "invocations/?mine=null", {}, None, 422),
        ("get", "actions/?format=csv", {}, None, 422),
        ("get", "invocations/00000000-0000-0000-0000-000000000000/", {}, None, 404),
    ],
)
def test_everything_that_goes_wrong_is_a_problem(program, method, path, headers, data, status):
    answer = getattr(program().client, method)(f"/api/v1/{path}", data, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_it_refuses_bodies_that_it_cannot_take(settings, program, an_action):
    an_action("debug")
    post = program().client.post

    def sent(body, content_type="application/json"):
        answer = post("/api/v1/actions/debug/run/", body, content_type=content_type)
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status_code

    assert sent("x=1", "application/x-www-form-urlencoded") == 415
    assert [sent(body) for body in (b"{", b"\xff", b'{"a": NaN}', b'"\\ud800"', b'"\\u0000"')] == [400] * 5
    assert sent(b"[" * 100_000) == 400
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert sent(b" " * 101) == 413
