"""The same requests to jet-django and to the bridge: the same answers.

`oracle/answers.json` is what jet-django said (its versions stand in it). Where it is installed (`tests/servers/jet.py`), it is
asked anew.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Annotated, Literal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.contract import Call, Field, Outcome, PersonId
from actions.jet import add_message_handler
from actions.jet.fields import param_of
from actions.kinds.hints import fields_of_function

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_handlers")]

ORACLE = Path(__file__).parent / "oracle"
CASES = json.loads((ORACLE / "cases.json").read_text())
RECORDED = json.loads((ORACLE / "answers.json").read_text())

EMPTY = {"status": 200, "type": "application/json", "body": ""}
OTHERWISE = {
    # Django writes the None of `OptionalJSONResponse` as a word, which is no JSON; jet-bridge 1.12.13 sends nothing.
    "unknown message name": EMPTY,
    "handler returns nothing": EMPTY,
    "name null": EMPTY,
    "name a number": EMPTY,
    # `BaseRouteView.dispatch` goes on with a request that was never read; jet-bridge 1.12.13 says what is wrong.
    "body is not JSON": {
        "status": 400,
        "type": "application/json",
        "body": '{"non_field_errors": ["Incorrect JSON body: Expecting property name enclosed in double quotes: '
        'line 1 column 2 (char 1)"]}',
    },
    # There are no files and no store of Jet's here.
    "the probe": {
        "status": 200,
        "type": "application/json",
        "body": '{"version": "1.12.13", "type": "jet_django", "store_available": false, "media_url_template": ""}',
    },
}
"""Where the bridge follows jet-bridge, or tells what it has."""


def raises(error):
    def handler(name, params):
        raise error

    return handler


HANDLERS = {
    "says_true": lambda name, params: {"result": True},
    "says_back": lambda name, params: {"name": name, "params": params},
    "says_nothing": lambda name, params: None,
    "wrong_field": raises(ValidationError({"title": ["too long"]})),
    "wrong": raises(ValidationError("not today")),
    "denied": raises(PermissionDenied()),
    "breaks": raises(RuntimeError("our fault")),
}


@pytest.fixture
def answered(client, a_secret):
    for name, handler in HANDLERS.items():
        add_message_handler(name, handler)
    secret = a_secret()

    def send(case):
        headers = {name: value.replace("right", secret) for name, value in case.get("headers", {}).items()}
        answer = client.generic(
            case.get("method", "POST"),
            f"/api/{case.get('path', 'messages/')}",
            case.get("body", ""),
            case.get("type", "application/json"),
            headers=headers,
        )
        kind = answer.headers["Content-Type"].partition(";")[0]
        return {"status": answer.status_code, "type": kind, "body": answer.content.decode()}

    return send


@pytest.mark.parametrize("name", CASES)
def test_it_works(name, answered):
    assert answered(CASES[name]) == OTHERWISE.get(name, RECORDED["answers"][name])


def test_it_differs_only_where_it_says_so():
    assert all(RECORDED["answers"][name] != told for name, told in OTHERWISE.items())


@pytest.mark.jet
def test_the_record_is_what_jet_django_says():
    command = [os.environ["TEST_JET_PYTHON"], ORACLE / "jet_django_answers.py"]
    asked = subprocess.run(command, input=(ORACLE / "cases.json").read_bytes(), capture_output=True, check=True)
    said = json.loads(asked.stdout)
    assert (said["answers"], said["fields"]) == (RECORDED["answers"], RECORDED["fields"])


def test_choices_and_foreign_keys_have_its_form():
    specs = {spec.name: spec for spec in fields_of_function(asks)}
    for name, told in RECORDED["fields"].items():
        ours = param_of(specs[name])
        assert ours["field"] == told["field"]
        assert ours["params"].items() <= told["params"].items()


WORDS = (("slow", "slow"), ("fast", "fast"))


def asks(call: Call, *, pace: Annotated[Literal["slow", "fast"], Field(choices=WORDS)], who: PersonId) -> Outcome:
    return Outcome("")


@pytest.mark.parametrize(("case", "status"), [("wrong credentials", 403), ("GET", 404), ("handler raises", 500)])
def test_whoever_asks_for_json_gets_json(case, status, answered):
    asked = CASES[case] | {"headers": CASES[case]["headers"] | {"accept": "application/json, text/plain, */*"}}
    answer = answered(asked)
    assert (answer["status"], answer["type"]) == (status, "application/json")
    assert json.loads(answer["body"])["non_field_errors"][0]
