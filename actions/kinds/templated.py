"""A form's check of what may hold variables such as `{entity_name}`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from actions.filling import problems
from actions.filling.bodies import texts_of


def check_template(value: Any, syntax: str) -> None:
    """Raise `ValidationError` with every sentence about it; in a list or an object each text is a template."""
    texts = [value] if isinstance(value, str) else [*texts_of(value)]
    within = syntax if isinstance(value, str) or syntax != "json" else "text"
    if found := list(dict.fromkeys(one for text in texts for one in problems(text, within))):
        raise ValidationError(found)
