"""What is written of an event: everything but its secrets."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest
import structlog

from kitsu_bridge.logs import configuration


@pytest.fixture
def line():
    """The line that a call of the logger becomes: `line(logger, "text", ...)`."""

    def written(**event):
        config = configuration("json", "DEBUG")
        formatter = config["formatters"]["line"]
        made = structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
        record = logging.LogRecord("x", logging.INFO, "", 0, event, None, event.pop("exc_info", None))
        record._logger, record._name = None, "info"
        return json.loads(made.format(record))

    return written


def test_it_works(line):
    assert line(event="Done", count=3)["count"] == 3


@pytest.mark.parametrize(
    "value",
    [
        "Bearer sesame-sesame",
        {"password": "sesame"},
        ["token=sesame"],
        ("token=sesame",),
        ValueError("redis://:sesame@host/0"),
    ],
)
def test_it_refuses_to_write_a_secret(line, value):
    assert "sesame" not in json.dumps(line(event="Done", value=value))
