"""Which URLs may open a program."""

from __future__ import annotations

import pytest

from actions.clients.protocols.scheme import LONGEST, TooLong, allowed_scheme, checked_url
from actions.contract import ActionError


def test_it_works():
    assert allowed_scheme(" RVlink ") == "rvlink"
    assert checked_url("rvlink://baked/00", "rvlink", "baked") == "rvlink://baked/00"


@pytest.mark.parametrize("scheme", [
    "javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem", "ws", "wss", "chrome",
    "chrome-extension", "resource", "ms-settings", "ms-word", "search-ms", "shell", "http", "https", "ftp", "JavaScript",
    "java\tscript", "a", "", "1password", "rv link", "rvlink:", "é", "x" * 40, "rv\n",
])  # fmt: skip
def test_it_refuses_schemes_of_browser_and_system(scheme):
    with pytest.raises(ActionError):
        allowed_scheme(scheme) if scheme != "rv\n" else checked_url("rv\n://a", "rv")


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", " rvlink://a", "rvlink://a b", "rvlink://a\nb", "rvlink://a\x00", "rvlink://é", "xstudio://a",
    "RVLINK://a", "rvlink", "//rvlink://a", "rvlink://[a", "rvlink://other/00",
])  # fmt: skip
def test_it_refuses_a_url_of_another_scheme_or_host(url):
    with pytest.raises(ActionError):
        checked_url(url, "rvlink", "a")


def test_it_refuses_what_windows_would_cut():
    assert checked_url("rvlink:" + "a" * (LONGEST - 7), "rvlink")
    with pytest.raises(TooLong, match="2,001"):
        checked_url("rvlink:" + "a" * (LONGEST - 6), "rvlink")
