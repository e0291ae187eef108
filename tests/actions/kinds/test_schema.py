"""A kind's parameters for programs: JSON Schema, flags of a command line, and the command that shows both."""

from __future__ import annotations

import argparse
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.kinds.flags import add_flags, given_by_flags
from actions.kinds.hints import fields_of_function
from actions.kinds.schema import json_schema
from tests.actions.sample_kinds import asking

SPECS = fields_of_function(asking.run)
PROPERTIES = json_schema(SPECS)["properties"]


def test_it_works():
    schema = json_schema(SPECS)
    assert schema["required"] == ["count"]
    assert PROPERTIES["count"] == {
        "type": "integer", "minimum": 1, "maximum": 10, "title": "Count", "description": "In frames."
    }  # fmt: skip
    assert PROPERTIES["several"]["items"] == {"enum": ["a", "b", "c"]}
    assert PROPERTIES["people"]["items"] == {"type": "string", "format": "uuid"}
    assert PROPERTIES["people"]["x-kitsu"] == "person"
    assert PROPERTIES["status"]["anyOf"][1] == {"type": "null"}
    assert PROPERTIES["password"]["writeOnly"]
    assert PROPERTIES["title"]["default"] == "Review {date}"
    json.dumps(schema)


def parsed(*flags):
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_flags(parser, SPECS)
    return given_by_flags(SPECS, parser.parse_args(["--count", "3", *flags]))


def test_flags_give_what_a_form_would_be_sent():
    found = parsed("--several", "a", "--several", "c", "--loud", "--more", '{"a": 1}', "--kind-of-task", "x")
    assert found == {"count": "3", "several": ["a", "c"], "loud": True, "more": {"a": 1}, "kind_of_task": "x"}
    assert parsed("--no-loud")["loud"] is False


@pytest.mark.parametrize("flags", [("--size", "huge"), ("--several", "z"), ("--more", "{"), ("--unknown", "1")])
def test_it_refuses_what_does_not_fit(flags):
    with pytest.raises((argparse.ArgumentError, argparse.ArgumentTypeError, SystemExit)):
        parsed(*flags)


@pytest.mark.django_db
def test_the_command_describes_kinds(test_kinds):
    out = StringIO()
    call_command("kinds", stdout=out)
    call_command("kinds", "asking", stdout=out)
    call_command("kinds", "asking", "--schema", stdout=out)
    assert "Asking" in out.getvalue()
    assert "--kind-of-task" in out.getvalue()
    assert '"title": "Count"' in out.getvalue()
    with pytest.raises(CommandError, match="There is no kind"):
        call_command("kinds", "nothing")
