from __future__ import annotations

import pytest

from actions.clients.web.place import Place, place_of
from actions.clients.web.trouble import NotAllowed


def test_it_works():
    assert place_of("https://Tracker.Studio/a b?q=1#part".replace(" ", "%20")) == Place(
        "https", "tracker.studio", 443, "/a%20b?q=1"
    )
    assert place_of("https://tracker.studio:8443").host_header == "tracker.studio:8443"
    assert place_of("https://[2001:DB8::1]/").host_header == "[2001:db8::1]"
    assert place_of("https://tracker.studio/é").target == "/%C3%A9"
    assert place_of("https://bücher.example/").host == "xn--bcher-kva.example"
    assert place_of("http://tracker.studio.:80/").host_header == "tracker.studio"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tracker.studio/hook",
        "ftp://tracker.studio/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "https://",
        "https:///path",
        "https://user@tracker.studio/",
        "https://tracker.studio@127.0.0.1/",
        "https://:secret@tracker.studio/",
        "https://tracker.studio\\@127.0.0.1/",
        "https://tracker.studio/ space",
        "https://tracker.studio/\r\nX: y",
        "https://tracker\t.studio/",
        "https://tracker.studio:0/",
        "https://tracker.studio:99999/",
        "https://tracker.studio:x/",
        "https://[::1/",
        "https://-x.studio/",
        "https://a..b/",
        f"https://{'a' * 64}.studio/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://127.0.0.0x1/",
        "https://１２７.0.0.1.5/",
    ],
)
def test_it_refuses_what_is_no_plain_address(url):
    with pytest.raises(NotAllowed):
        place_of(url)
