"""xSTUDIO's links."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from actions.clients.protocols import xstudio
from actions.clients.protocols.files import Clip
from actions.clients.protocols.scheme import TooLong


def test_it_works():
    paths = ["/proj/a b.mov", "/x&media=y/é#?.mov"]
    url = xstudio.url([Clip(path) for path in paths])
    assert url.startswith("xstudio://add_media?media=%2Fproj%2Fa%20b.mov&media=")
    assert parse_qsl(urlsplit(url).query) == [("media", path) for path in paths]


def test_it_refuses_more_than_a_program_gets():
    with pytest.raises(TooLong):
        xstudio.url([Clip("/proj/" + "a" * 200)] * 20)
