"""The registry and the figures by REST."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from actions.models import Action
from audit.models import Event
from audit.states import Happened
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)

NEW = {"name": "Look", "slug": "look", "kind": "debug"}


def test_it_works(program):
    ada = program()
    made = ada.post("registry/actions/", NEW)
    assert made.status_code == 201
    etag = made.headers["ETag"]
    changed = ada.send("patch", "registry/actions/look/", {"description": "Looks"}, if_match=etag)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    event = Event.objects.filter(what=Happened.ACTION_CHANGED).get()
    assert event.data["after"] == {"description": "Looks"}
    assert event.actor_id
    assert ada.send("patch", "registry/actions/look/", {"order": 1}, if_match=etag).status_code == 412
    assert ada.send("patch", "registry/actions/look/", {"order": 1}).status_code == 428
    assert ada.send("delete", "registry/actions/look/", None, if_match=etag).status_code == 412
    assert ada.send("delete", "registry/actions/look/", None, if_match=changed.headers["ETag"]).status_code == 204
    assert not Action.objects.exists()


def test_of_two_changes_at_the_same_moment_one_is_told_to_read_again(program, an_action):
    an_action("debug")
    programs, path, answers = [program() for _ in range(4)], "registry/actions/debug/", []
    etag = programs[0].get(path).headers["ETag"]
    together = threading.Barrier(len(programs))

    def change(one, text):
        together.wait()
        answers.append(one.send("patch", path, {"description": text}, if_match=etag))
        connection.close()

    threads = [threading.Thread(target=change, args=(one, f"By {place}")) for place, one in enumerate(programs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]
    kept = next(one.json() for one in answers if one.status_code == 200)
    assert (Action.objects.get().description, Action.objects.get().version) == (kept["description"], 2)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"slug": "A b"}, "slug"),
        ({"strange": 1}, "strange"),
        ({"roles": ["boss"]}, "roles"),
        ({"roles": "admin"}, "roles"),
        ({"options": []}, "options"),
        ({"options": {"strange": 1}}, "options"),
        ({"largest_selection": 0}, "largest_selection"),
    ],
)
def test_the_rules_are_those_of_the_admin(program, fields, wrong):
    answer = program().post("registry/actions/", NEW | fields)
    assert answer.status_code == 422
    assert wrong in answer.json()["errors"]
    assert not Action.objects.exists()


@pytest.mark.parametrize("name", ["hana", "greta", "noa", "clara", "pixelworks", ""])
def test_it_is_for_studio_managers(program, an_action, name):
    an_action("debug")
    somebody, no = program(name), 403 if name else 401
    for path in ("registry/actions/", "registry/actions/debug/", "registry/file/"):
        assert somebody.get(path).status_code == no
    assert somebody.post("registry/actions/", NEW).status_code == no
    assert somebody.send("delete", "registry/actions/debug/", None, if_match="*").status_code == no
    assert Action.objects.count() == 1


def test_a_token_for_less_changes_nothing(bridge_token, an_action):
    an_action("debug")
    held, _ = bridge_token("admin", action_slugs=["debug"])
    assert held.get("registry/actions/").json()["code"] == "token_scope"
    assert held.get("statistics/").json()["code"] == "token_scope"
    assert bridge_token("admin")[0].get("registry/actions/").status_code == 200


def test_the_file_goes_round(program, an_action):
    an_action("debug")
    ada = program()
    text = ada.get("registry/file/").content.decode()
    post = ada.client.post

    def sent(path, text, **headers):
        return post(f"/api/v1/registry/file/{path}/", text, content_type="application/yaml", headers=headers)

    assert sent("plan", text).json() == {"differs": False, "wrong": [], "changes": []}
    other = text.replace("Debug", "Look")
    told = sent("plan", other)
    assert told.json()["changes"][0]["after"] == {"name": "Look"}
    assert sent("apply", other, **{"if-match": '"another"'}).status_code == 412
    assert sent("apply", other, **{"if-match": told.headers["ETag"]}).status_code == 200
    assert Action.objects.get().name == "Look"
    assert sent("apply", "no: file").status_code == 422


def test_figures_are_those_of_the_pages(program, bridge_token):
    ada = program()
    productions = ada.get("statistics/").json()
    path = f"statistics/{productions[0]['id']}/"
    figures = until_read(ada, path)
    one = until_read(ada, f"{path}{figures['figures'][0]['slug']}/")
    assert one["columns"]
    assert one["rows"][0]["tasks"] > 0
    assert ada.get(f"{path}nothing/").status_code == 404
    assert ada.get("statistics/nothing/").status_code == 404
    held, _ = bridge_token("admin", production_ids=[productions[0]["id"]])
    assert [row["id"] for row in held.get("statistics/").json()] == [productions[0]["id"]]
    other = next(row["id"] for row in studio().bot().projects() if row["id"] != productions[0]["id"])
    assert held.get(f"statistics/{other}/").status_code == 404
    assert until_read(held, path)["figures"]


def until_read(program, path):
    for _ in range(100):
        answer = program.get(path)
        if answer.status_code != 202:
            assert answer.status_code == 200, answer.content
            return answer.json()
        time.sleep(0.1)
    raise AssertionError("It was never read.")
