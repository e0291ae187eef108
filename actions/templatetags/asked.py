"""What the form of parameters asks of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms import BoundField

register = template.Library()

LONG = 10
"""Choices from which on a search is offered."""


@register.filter
def is_several(field: BoundField) -> bool:
    """Whether it is a list of boxes."""
    return isinstance(field.field, forms.MultipleChoiceField)


@register.filter
def is_long(field: BoundField) -> bool:
    """Whether there is much to choose from."""
    return isinstance(field.field, forms.ChoiceField) and len(list(field.field.widget.choices)) > LONG


@register.filter
def is_template(field: BoundField) -> bool:
    """Whether variables may stand in it."""
    return "data-template" in field.field.widget.attrs


@register.filter
def of(values: Mapping[str, Any], name: str) -> Any:
    """The value of a name."""
    return values.get(name)
