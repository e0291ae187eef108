"""REST beside a real Zou: programs with people's own tokens, a bot's, and bridge tokens, and what comes of it in Kitsu."""

from __future__ import annotations

import os
import time
import uuid
from datetime import timedelta
from functools import lru_cache

import pytest
from django.utils import timezone

from actions import tokens
from actions.models import Action, Token
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import State
from kitsu_bridge.kitsu.studio import studio
from tests.actions.rest.conftest import API, Program
from tests.kitsu_bridge.kitsu.conftest import ZOU_PEOPLE

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]

RUNNERS = [*ZOU_PEOPLE, "bot"]


class World:
    """A real Zou with programs of its people, by role, and tasks of its productions."""

    def __init__(self):
        self.bot = studio().bot()
        self.projects = {row["name"].split()[0]: row["id"] for row in self.bot.open_projects()}
        self.persons = {row["email"]: row for row in self.bot.persons()}

    def program(self, role="admin"):
        return Program(session_of(role))

    def bridge_token(self, role, **fields):
        row = self.persons[ZOU_PEOPLE[role]]
        about = {"name": f"Night <b>{role}</b>", "expires_at": timezone.now() + timedelta(days=1)} | fields
        made = tokens.make(Token(person_id=row["id"], person_name=row["full_name"], **about), None)
        return Program(made.secret), made.token

    def tasks(self, production="Lantern", role="vendor", count=3):
        """Ids of tasks that somebody of this role sees; a vendor's are assigned to them."""
        every = [row["id"] for row in self.bot.project_tasks(self.projects[production])]
        return sorted(row["id"] for row in studio().session(session_of(role)).tasks(every))[:count]

    def comments(self, ids, text):
        return [row for row in self.bot.comments(ids) if row["text"] == text]


@lru_cache
def session_of(role):
    """A token of Kitsu's own: of a person's session, or of the bot."""
    return os.environ["TEST_ZOU_BOT_TOKEN"] if role == "bot" else log_in(role)


def log_in(role):
    return studio().log_in(ZOU_PEOPLE[role], os.environ["TEST_ZOU_PASSWORD"])


@pytest.fixture
def zou(beside_zou):
    return World()


@pytest.mark.parametrize("role", RUNNERS)
def test_it_works(zou, an_action, at_once, role):
    """Run, then read all of it: each with their own session, on tasks that all of them see."""
    an_action("debug")
    somebody, ids = zou.program(role), zou.tasks()
    assert [row["slug"] for row in somebody.get("actions/").json()["results"]] == ["debug"]
    assert somebody.get("actions/debug/").json()["parameters"]["type"] == "object"
    accepted = somebody.post("actions/debug/run/", {"tasks": ids})
    assert accepted.status_code == 202
    told = somebody.client.get(accepted.headers["Location"]).json()
    assert (told["state"], told["trust"], told["done_count"], told["task_ids"]) == ("succeeded", "proven", 3, ids)
    assert told["productions"] == [name for name in told["productions"] if name.startswith("Lantern")]
    path = f"invocations/{told['id']}"
    results = somebody.get(f"{path}/tasks/").json()["results"]
    assert [(row["task_id"], row["state"]) for row in results] == [(one, "done") for one in ids]
    happened = [row["what"] for row in somebody.get(f"{path}/events/").json()["results"]]
    assert (happened[0], happened[-1]) == ("received", "finished")
    assert somebody.get(f"{path}/lines/").status_code == 200
    mine = somebody.get("invocations/", {"mine": "true", "action": "debug", "state": "succeeded"}).json()["results"]
    assert [row["id"] for row in mine] == [told["id"]]


def test_a_vendor_gets_no_more_than_is_theirs(zou, an_action, at_once):
    an_action("debug")
    all_ids, theirs = zou.tasks(role="admin", count=100), set(zou.tasks(count=100))
    told = zou.program("vendor").post("actions/debug/run/", {"tasks": all_ids}).json()
    path = f"invocations/{told['id']}/tasks/"
    done = {row["task_id"]: row["state"] for row in zou.program("vendor").get(path, {"limit": 200}).json()["results"]}
    assert {one for one, state in done.items() if state == "done"} == theirs & set(all_ids) != set(all_ids)


def test_a_plan_is_shown_and_then_written_in_ones_own_name(zou, an_action, at_once):
    """Preview, its plan, the yes; the comments stand in Kitsu as the artist's, once, whatever is sent again."""
    an_action("comment")
    artist, ids = zou.program("user"), zou.tasks()  # Those of the vendor are the artist’s too.
    sent = {"tasks": ids, "parameters": {"text": f"Looks {{entity_name}} {uuid.uuid4().hex}"}}
    plan = artist.post("actions/comment/preview/", sent, idempotency_key="plan").json()
    assert (plan["state"], plan["waiting_for"], len(plan["steps"])) == ("waiting", "confirmation", 3)
    assert {step["state"] for step in plan["steps"]} == {"planned"}
    text = sent["parameters"]["text"].partition("} ")[2]
    assert not [row for row in zou.bot.comments(ids) if text in row["text"]]
    assert zou.program("manager").post(f"invocations/{plan['id']}/confirm/").status_code in {403, 404}
    answers = [artist.post(f"invocations/{plan['id']}/confirm/", idempotency_key="yes") for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    written = [row for row in zou.bot.comments(ids) if text in row["text"]]
    assert sorted(row["object_id"] for row in written) == sorted(ids)
    assert {row["person_id"] for row in written} == {zou.persons[ZOU_PEOPLE["user"]]["id"]}


def test_parameters_reach_kitsu_and_a_retry_writes_nothing_twice(zou, an_action, at_once):
    """A bridge token acts as its account; what was done is not done again by a re-run of what is left."""
    an_action("comment")
    ids, text = zou.tasks(role="manager"), f"Note {uuid.uuid4().hex}"
    program, token = zou.bridge_token("manager", action_slugs=["comment"], production_ids=[zou.projects["Lantern"]])
    gone = str(uuid.uuid4())
    sent = {"tasks": [*ids, gone], "parameters": {"text": text}, "confirmed": True}
    told = program.post("actions/comment/run/", sent).json()
    first = program.get(f"invocations/{told['id']}/").json()
    assert (first["state"], first["done_count"]) == ("partial", 3)
    assert len(zou.comments(ids, text)) == 3
    again = program.post(f"invocations/{first['id']}/rerun/", {"what": "unfinished"}).json()
    assert (again["task_ids"], again["rerun_of"]) == ([gone], first["id"])
    assert len(zou.comments(ids, text)) == 3
    assert {row["person_id"] for row in zou.comments(ids, text)} == {token.person_id}
    token.refresh_from_db()
    assert token.used_at is not None


def test_a_token_is_held_to_its_actions_and_productions(zou, an_action, kept_back):
    for slug in ("debug", "other"):
        an_action("debug", slug)
    program, token = zou.bridge_token("admin", action_slugs=["debug"], production_ids=[zou.projects["Lantern"]])
    inside, outside = zou.tasks(role="admin"), zou.tasks("Kettle", role="admin")
    assert [row["slug"] for row in program.get("actions/").json()["results"]] == ["debug"]
    assert program.post("actions/other/run/", {"tasks": inside}).json()["code"] == "token_action"
    ends = {}
    for name, ids in (("inside", inside), ("outside", outside), ("both", [*inside, *outside])):
        pk = program.post("actions/debug/run/", {"tasks": ids}).json()["id"]
        carry_out(pk)
        ends[name] = (one := Invocation.objects.get(pk=pk)).state, one.reason_code
        assert one.bearer["id"] == str(token.pk)
    refused = (State.REFUSED, "token_production")
    assert ends == {"inside": (State.SUCCEEDED, ""), "outside": refused, "both": refused}
    theirs = zou.program().post("actions/debug/run/", {"tasks": outside}).json()["id"]
    assert program.get(f"invocations/{theirs}/").status_code == 404
    assert program.get("registry/actions/").json()["code"] == "token_scope"


def test_it_is_stopped_run_again_and_shared(zou, an_action, kept_back, client):
    an_action("debug")
    lead, ids = zou.program("supervisor"), zou.tasks(role="supervisor")
    told = lead.post("actions/debug/run/", {"tasks": ids}).json()
    path = f"invocations/{told['id']}"
    assert zou.program("client").post(f"{path}/cancel/").status_code == 404
    assert lead.post(f"{path}/cancel/").json()["state"] == "cancelled"
    again = lead.post(f"{path}/rerun/").json()
    carry_out(again["id"])
    assert lead.get(f"invocations/{again['id']}/").json()["state"] == "succeeded"
    link = lead.post(f"invocations/{again['id']}/share/").json()["link"]
    assert client.get(link, headers={"accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("role", ["manager", "client", "vendor", "bot"])
def test_figures_are_of_what_one_may_see(zou, role):
    somebody = zou.program(role)
    answer = somebody.get("statistics/")
    assert answer.status_code == 200
    for production in answer.json()[:1]:
        figures = until_read(somebody, f"statistics/{production['id']}/")["figures"]
        table = until_read(somebody, f"statistics/{production['id']}/{figures[0]['slug']}/")
        assert {column["key"] for column in table["columns"]} >= set(
            table["rows"][0]["values"] if table["rows"] else ()
        )


def until_read(program, path):
    until = time.monotonic() + 60
    while (answer := program.get(path)).status_code == 202 and time.monotonic() < until:
        time.sleep(0.1)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_registry_is_for_its_managers(zou, an_action):
    an_action("debug")
    assert {role: zou.program(role).get("registry/actions/").status_code for role in RUNNERS} == {
        role: 200 if role in {"admin", "bot"} else 403 for role in RUNNERS
    }


def test_the_registry_is_changed_and_goes_round_as_a_file(zou):
    """Productions stand in the file by their names in Kitsu, and come back as what they are."""
    admin = zou.program()
    new = {"name": "Look", "slug": "look", "kind": "debug", "projects": [zou.projects["Lantern"]]}
    made = admin.post("registry/actions/", new)
    etag = {"if_match": made.headers["ETag"]}
    changed = admin.send("patch", "registry/actions/look/", {"projects": [zou.projects["Kettle"]]}, **etag)
    assert changed.json()["projects"] == [zou.projects["Kettle"]]
    assert admin.send("patch", "registry/actions/look/", {"order": 3}, **etag).status_code == 412
    text = admin.get("registry/file/").content.decode()
    assert "Kettle" in text

    def sent(path, text):
        return admin.client.post(f"{API}/registry/file/{path}/", text, content_type="application/yaml").json()

    assert sent("plan", text)["differs"] is False
    assert sent("plan", text.replace("Kettle", "Tide"))["changes"][0]["after"] == {"projects": [zou.projects["Tide"]]}
    sent("apply", text.replace("Kettle", "Tide"))
    assert Action.objects.get().projects == [zou.projects["Tide"]]
    assert sent("plan", text.replace("Kettle", "No such"))["wrong"]


def test_who_signed_out_of_kitsu_is_refused(zou, an_action):
    an_action("debug")
    own = log_in("user")
    studio().log_out(own)
    answer = Program(own).post("actions/debug/run/", {"tasks": zou.tasks()})
    assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert Invocation.objects.get().state == State.REFUSED
