"""Addresses of any other program."""

from __future__ import annotations

import pytest

from actions.clients.protocols import generic
from actions.contract import ActionError


def test_it_works():
    template = "mrv2://open?path={path}"
    assert generic.head(template) == ("mrv2", "open")
    assert generic.checked("mrv2://open?path=%2Fa", template) == "mrv2://open?path=%2Fa"
    assert generic.head("kabaret://STUDIO/{project_name}") == ("kabaret", "STUDIO")
    assert generic.head("vnd.studio+app:{task_id}") == ("vnd.studio+app", "")
    assert generic.checked("MRV2://open", "MRV2://open") == "mrv2://open"


@pytest.mark.parametrize("template", [
    "", "{scheme}://a", "mrv2", "mrv2://{path}", "mrv2://a{path}", "mrv2://a{path}/b", "javascript:{path}", "https://a/{path}",
    "java\tscript://a", "mrv2://open?path={path}\n", " mrv2://open", "m{a}://open",
])  # fmt: skip
def test_it_refuses_a_scheme_or_host_that_is_not_written_out(template):
    with pytest.raises(ActionError):
        generic.head(template)


@pytest.mark.parametrize(
    "url", ["mrv2://evil?path=a", "mrv2://open@evil/", "javascript://open?a", "mrv2://open?a b", "x"]
)
def test_it_refuses_what_is_not_that_program_any_more(url):
    with pytest.raises(ActionError):
        generic.checked(url, "mrv2://open?path={path}")
