from __future__ import annotations

import base64
import json
from urllib.parse import quote

from actions.clients.secrets.hiding import MASK, Hidden

SECRET = 'p"ä/ss wo+rd\nsecond line'


def test_it_works():
    hidden = Hidden([SECRET])
    for form in (
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        quote(SECRET, safe=""),
        base64.b64encode(SECRET.encode()).decode(),
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        "second line",
    ):
        assert "ss wo" not in (found := hidden(f"<{form}>"))
        assert MASK in found
        assert form not in found


def test_it_leaves_words_that_are_too_short_to_be_secrets():
    assert Hidden(["ok", "", "a\nb"])("look: ok") == "look: ok"
