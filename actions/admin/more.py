"""The parts of an action's form whose fields its kind found out, with the button that has it look again."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html

from actions.kinds.forms import PREFIX
from actions.kinds.more import More

LOOK = "_look"
"""The name of the button that shows the form anew."""

PART = '<span data-part="{}"></span>'
"""By this the browser finds the part that it shows anew."""

Parts = list[tuple[str, dict[str, Any]]]


def with_more(parts: Parts, more: More) -> Parts:
    """The parts of the form with one for what was found out; the option that holds the rest of it stands at its end."""
    *others, (title, options) = parts
    into = PREFIX + more.said.into
    own = tuple(name for name in options["fields"] if name != into)
    found = (*(more.prefix + key for key in more.specs), *([into] if into in options["fields"] else []))
    about = format_html(
        PART + '{} <button type="submit" name="{}" value="yes" class="underline">Look again</button>',
        "more",
        more.said.said,
        LOOK,
    )
    return [
        *others,
        (title, {**options, "fields": own, "description": format_html(PART, "options")}),
        (more.said.title or "Found out", {"fields": found, "description": about}),
    ]
