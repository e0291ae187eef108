from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.contract import ActionError
from actions.filling import fill_url, of_call, of_task, wrong_address
from actions.filling.values import clean
from kitsu_bridge.kitsu.sample import SampleStudio
from tests.actions.filling.calls import call_on


@pytest.fixture
def named(a_call):
    """The variables of a task on a shot of this name."""

    def make(name):
        call = a_call()
        task = call.tasks[0]
        return of_task(call, replace(task, entity=replace(task.entity, name=name)))

    return make


def test_it_works(named):
    url = fill_url("https://track.studio/shots/{entity_name}?q={entity_name}#{entity_name}", named("SH 10/a?b#c&d=é"))
    one = "SH%2010%2Fa%3Fb%23c%26d%3D%C3%A9"
    assert url == f"https://track.studio/shots/{one}?q={one}#{one}"
    assert parse_qs(urlsplit(url).query) == {"q": ["SH 10/a?b#c&d=é"]}


@pytest.mark.parametrize(
    "name",
    ["@evil.com", "//evil.com/", "\\\\evil.com", "%2f%2fevil.com", "\r\nX: y", "a\x00b", "\u202egpj", "evil.com:80@"],
)
def test_no_name_leads_to_another_host(named, name):
    for template in (
        "https://ok/{entity_name}",
        "https://ok/?{entity_name}",
        "https://ok#{entity_name}",
        "ok:{entity_name}",
    ):
        url = fill_url(template, named(name))
        assert urlsplit(url).netloc == ("ok" if "//" in template else "")
        assert url.isascii()
        assert url.isprintable()
        assert "\\" not in url


@pytest.mark.parametrize("name", [".", ".."])
def test_no_name_climbs(named, name):
    with pytest.raises(ActionError, match="would change the path"):
        fill_url("https://ok/a/{entity_name}/b", named(name))


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{kitsu_url}/x", "Begin with scheme and host"),
        ("{entity_name}://ok/", "Begin with scheme and host"),
        ("https://{entity_name}/", "https: needs a host"),
        ("https://ok.{entity_name}/", "A variable may not be part of the host"),
        ("https://ok{entity_name}", "A variable may not be part of the host"),
        ("https:{entity_name}", "https: needs a host"),
        ("http{entity_name}://ok/", "Begin with scheme and host"),
        ("/relative", "Begin with scheme and host"),
        ("//ok/", "Begin with scheme and host"),
        ("", "Begin with scheme and host"),
        (" https://ok/", "Begin with scheme and host"),
        ("JavaScript:alert(1)//{entity_name}", "javascript: addresses are never opened"),
        ("data:text/html,{entity_name}", "data: addresses are never opened"),
        ("https://me:pw@ok/", "No name and password"),
        ("https://ok:99999/", "its port is no number"),
        ("https://ök/", "The host may have ASCII"),
        ("https://o k/", "The host may have ASCII"),
        ("https://ok\\.evil.com/", "The host may have ASCII"),
        ("https://ok/\\{entity_name}", "No backslash"),
        ("https://ok/\n{entity_name}", "No control character"),
        ("https://ok/../{entity_name}", "No part of its path may be"),
        ("https://ok/%2E%2e/{entity_name}", "No part of its path may be"),
        ("https://ok/" + "x" * 2000, "more than 2,000 characters"),
        ("https://ok/{", "is not closed"),
    ],
)
def test_it_refuses_templates_that_never_work(named, template, words):
    assert words in wrong_address(template)
    with pytest.raises(ActionError):
        fill_url(template, named("SH0010"))


@pytest.mark.parametrize(
    "template",
    ["https://ok", "https://OK:8443/a b?x={entity_name}", "http://[::1]:80/{entity_name}", "rvlink://baked/{entity_name}",
     "xstudio:///{entity_name}", "mailto:{person_email}", "https://ok/été?é=%41#{task_id}"],
)  # fmt: skip
def test_good_ones_are_good(named, template):
    assert wrong_address(template) == ""
    assert fill_url(template, named("SH0010")).isascii()


def test_a_long_selection_says_what_to_do(a_call):
    call = a_call(count=60)
    with pytest.raises(ActionError, match=r"2,000 are the most\. Select fewer tasks"):
        fill_url("https://ok/?ids={selection}", of_call(call))
    assert "%2C" in fill_url("https://ok/?ids={selection}", of_call(a_call(count=2)))


CALL = call_on(SampleStudio())
HOSTILE = st.text(
    alphabet=st.sampled_from("/\\?#@:%.&=;[]\r\n\t\x00\u202e\ud800 aé2eE") | st.characters(), min_size=1, max_size=60
)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_every_name_stays_where_it_stands(name):
    """Read again, the URL has the same host, as many parts of a path, and the name in each place."""
    task = CALL.tasks[0]
    named = of_task(CALL, replace(task, entity=replace(task.entity, name=name)))
    try:
        url = fill_url("https://ok.studio/a/{entity_name}/b?x=1&q={entity_name}&y=2#{entity_name}", named)
    except ActionError:
        assert clean(name) in {"", ".", ".."}
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path.count("/")) == ("https", "ok.studio", 3)
    assert unquote(parts.path.split("/")[2]) == unquote(parts.fragment) == clean(name)
    assert parse_qs(parts.query, keep_blank_values=True) == {"x": ["1"], "q": [clean(name)], "y": ["2"]}
