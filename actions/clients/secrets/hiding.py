"""Takes the secrets that a call uses out of what came back, in the forms in which an answer may repeat them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "•••"

SHORTEST = 6
"""Characters; a shorter secret, or line of one, would mask ordinary words."""


class Hidden:
    """`Hidden([secret])(text)` is the text without the secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text, with what must not be read masked."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text


def _forms(secret: str) -> Iterator[str]:
    """As it is, line by line, within JSON and a URL, and as Basic authentication encodes it."""
    for one in {secret, *secret.splitlines()}:
        yield from (one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1], quote(one, safe=""))
        yield from (quote_plus(one), base64.b64encode(one.encode()).decode())
        yield json.dumps(one)[1:-1].replace("/", "\\/")  # As PHP writes it.
