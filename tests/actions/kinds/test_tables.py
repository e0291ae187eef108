"""Options and parameters as a table in Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import Annotated, Literal

from django.core.management import call_command

from actions.contract import Field, StatusId
from actions.kinds.hints import fields_of_class
from actions.kinds.tables import HEAD, markdown_table


@dataclass
class Options:
    """One of each way to be shown."""

    name: Annotated[str, Field(template="text")]
    signs: Annotated[str, Field(help="A | or a *.")] = "{a|b}"
    count: Annotated[int, Field(label="How many", unit="tasks", least=1, most=2000)] = 3
    seconds: Annotated[float, Field(least=0)] = 0.5
    loud: bool = False
    how: Literal["add", "set"] = "add"
    several: tuple[Literal["a", "b"], ...] = ("a", "b")
    statuses: tuple[StatusId, ...] = ()


def test_it_works():
    assert markdown_table(fields_of_class(Options)).removeprefix(HEAD).splitlines() == [
        "| `name` | Name | text with [variables](variables.md) | must be given |",
        "| `signs` | Signs. A \\| or a \\*. | text | `{a\\|b}` |",
        "| `count` | How many | whole number, 1 to 2,000, tasks | `3` |",
        "| `seconds` | Seconds | number, from 0 | `0.5` |",
        "| `loud` | Loud | yes or no | no |",
        "| `how` | How | one of `add`, `set` | `add` |",
        "| `several` | Several | any of `a`, `b` | `a`, `b` |",
        "| `statuses` | Statuses | several: task status of Kitsu, by id |  |",
    ]


def test_it_is_written_by_the_command():
    out = StringIO()
    call_command("kinds", "priority", "--markdown", stdout=out)
    assert "| `priority` | Priority. Emergencies stand first" in out.getvalue()
