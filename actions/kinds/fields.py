"""A form field from a type hint: its type, its bounds, its help, and what a browser offers for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from django.template.defaultfilters import filesizeformat

from actions.kinds.hints import REQUIRED, FieldSpec, to_json
from actions.kinds.sent_json import read_json
from actions.kinds.templated import check_template

LONGEST_TEXT = 20_000
"""Characters of one text."""

NOTHING = ("", "(empty)")
"""The choice of none, in words that can be read aloud; help texts say "Empty: ..." of it."""


class Json(forms.JSONField):
    """JSON as text, of the one shape that its parameter has; nothing is shown as nothing."""

    def __init__(self, shape: type[list[Any] | dict[str, Any]], **said: Any) -> None:
        self.shape = shape
        super().__init__(**said)

    def prepare_value(self, value: Any) -> Any:
        """Django would show `null`."""
        return "" if value is None else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """Raises `ValidationError` for what is no JSON, or of another shape."""
        if value in self.empty_values:
            return None
        try:
            found = read_json(value) if isinstance(value, str) else value
        except ValueError as error:
            raise forms.ValidationError(f"Enter a valid JSON. {error}", code="invalid") from None
        if not isinstance(found, self.shape):
            raise forms.ValidationError(f"Enter a valid JSON: {SHAPES[self.shape]}.", code="invalid")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent, shown again as it was typed where it cannot be read."""
        try:
            return read_json(data) if data else data
        except ValueError:
            return InvalidJSONInput(data)


SHAPES: dict[type, str] = {list: 'a list, such as ["a", "b"]', dict: 'an object, such as {"a": 1}'}


SIMPLE: dict[str, Callable[..., forms.Field]] = {
    "integer": forms.IntegerField,
    "float": forms.FloatField,
    "decimal": forms.DecimalField,
    "boolean": forms.BooleanField,
    "json": partial(Json, dict),
    "list": partial(Json, list),
}
"""Types that need no more than Django's own field."""


def form_field(spec: FieldSpec, *, offered: Sequence[tuple[str, str]] | None = None, kept: bool = False) -> forms.Field:
    """A field for one option or parameter.

    `offered`: the choices of a type that is read from Kitsu; without them it takes any text. `kept`: there is a value that is
    not shown again, a secret or a file; leaving the field empty leaves it.
    """
    said: dict[str, Any] = {
        "label": f"{spec.label} ({spec.about.unit})" if spec.about.unit else spec.label,
        "help_text": spec.about.help,
        "required": spec.required and spec.type != "boolean" and not kept,
    }
    if spec.default not in (REQUIRED, None) and spec.type != "file":
        said["initial"] = to_json(spec.default)
    if spec.about.template:
        said["validators"] = [partial(check_template, syntax=spec.about.template)]
    if offered is not None or spec.type == "choice":
        return _choice(spec, list(offered if offered is not None else spec.choices), said)
    if spec.several:
        return Json(list, **said)
    return MAKERS.get(spec.type, _text)(spec, said)


def _choice(spec: FieldSpec, choices: list[tuple[str, str]], said: dict[str, Any]) -> forms.Field:
    if spec.several:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)
    blank = [NOTHING] if spec.optional or not said.get("initial") else []
    return forms.ChoiceField(choices=[*blank, *choices], **said)


def _text(spec: FieldSpec, said: dict[str, Any]) -> forms.Field:
    about = spec.about
    looks: dict[str, Any] = {"placeholder": about.placeholder} if about.placeholder else {}
    looks |= {"data-template": about.template} if about.template else {}
    if about.long:
        widget: forms.Widget = forms.Textarea(
            {"rows": 5, **looks} | ({"data-syntax": about.syntax} if about.syntax else {})
        )
    elif about.secret:
        widget = forms.PasswordInput({"autocomplete": "off", **looks})
    else:
        widget = forms.TextInput(looks)
    return forms.CharField(max_length=LONGEST_TEXT, widget=widget, strip=not about.secret, **said)


def _number(spec: FieldSpec, said: dict[str, Any]) -> forms.Field:
    about = spec.about
    return SIMPLE[spec.type](min_value=about.least, max_value=about.most, **said)


def _moment(spec: FieldSpec, said: dict[str, Any]) -> forms.Field:
    """Browsers offer a calendar and a clock, and send ISO 8601 (HTML, 2.3.5)."""
    field, widget, kind, form = MOMENTS[spec.type]
    return field(widget=widget(attrs={"type": kind}, format=form), **said)


MOMENTS: dict[
    str, tuple[type[forms.Field], type[forms.DateInput | forms.TimeInput | forms.DateTimeInput], str, str]
] = {
    "date": (forms.DateField, forms.DateInput, "date", "%Y-%m-%d"),
    "time": (forms.TimeField, forms.TimeInput, "time", "%H:%M"),
    "datetime": (forms.DateTimeField, forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
}


class BoundedFile(forms.FileField):
    """A file of certain endings and at most so many bytes."""

    def __init__(self, spec: FieldSpec, **said: Any) -> None:
        self.accept, self.largest = tuple(one.lower() for one in spec.about.accept), spec.about.largest
        super().__init__(**said)
        if self.accept:
            self.widget.attrs["accept"] = ",".join(self.accept)
        self.help_text = f"{self.help_text} {self._bounds()}".strip()

    def to_python(self, data: Any) -> Any:
        """Raises `ValidationError` for what is too large or of another kind."""
        found = super().to_python(data)
        if found is None:
            return None
        if self.accept and PurePath(found.name or "").suffix.lower() not in self.accept:
            raise forms.ValidationError(f"“{found.name}” is none of {', '.join(self.accept)}.", code="ending")
        if (found.size or 0) > self.largest:
            most = filesizeformat(self.largest)
            raise forms.ValidationError(
                f"“{found.name}” has {filesizeformat(found.size or 0)}; {most} are allowed.", code="size"
            )
        return found

    def _bounds(self) -> str:
        endings = f"{', '.join(self.accept)}; " if self.accept else ""
        return f"({endings}at most {filesizeformat(self.largest)})"


def _file(spec: FieldSpec, said: dict[str, Any]) -> forms.Field:
    return BoundedFile(spec, **said)


MAKERS: dict[str, Callable[[FieldSpec, dict[str, Any]], forms.Field]] = {
    "integer": _number,
    "float": _number,
    "decimal": _number,
    "date": _moment,
    "time": _moment,
    "datetime": _moment,
    "file": _file,
    **{name: (lambda spec, said: SIMPLE[spec.type](**said)) for name in ("boolean", "json", "list")},
}
