"""The launcher's links."""

from __future__ import annotations

import pytest

from actions.clients.protocols import ticket
from actions.contract import ActionError


def test_it_works():
    url = ticket.url("https://kitsu.studio/bridge", "a-b_c")
    assert url == "kitsu-bridge://run?server=https%3A%2F%2Fkitsu.studio%2Fbridge&ticket=a-b_c"
    assert ticket.application("nuke-15") == "nuke-15"
    assert ticket.argument("--background", "--background") == "--background"


@pytest.mark.parametrize("name", ["", "Nuke", "../nuke", "/usr/bin/nuke", "nuke 15", "-nuke", "a" * 41, "nuke\n"])
def test_it_refuses_what_names_no_program(name):
    with pytest.raises(ActionError):
        ticket.application(name)


@pytest.mark.parametrize("text", ["-e", "--python-expr=1", "a\x00b", "a" * 1001])
def test_it_refuses_a_variable_that_became_an_option(text):
    with pytest.raises(ActionError):
        ticket.argument(text, "{entity_name}")
