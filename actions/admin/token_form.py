"""The form of a bridge token: a name, an account of Kitsu, what for, and until when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from actions.models import Action, Token
from actions.tokens import LONGEST
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.studio import studio

USUAL = timedelta(days=90)
OVERLAPS = (("24", "a day"), ("1", "an hour"), ("168", "a week"), ("0", "no time: the old one ends now"))
"""Hours for which an old secret stays good beside a new one."""

Choices = list[tuple[str, str]]


class TokenForm(forms.Form):
    """What a token is for. The account of one that stands is not changed: its holder would become somebody else."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(max_length=80, widget=UnfoldAdminTextInputWidget, help_text="Which program will have it.")
    person_id = forms.ChoiceField(
        label="Acts as",
        widget=UnfoldAdminSelectWidget,
        help_text="An account of Kitsu, best a bot of its own: what it may there, the token may here, and the log names it.",
    )
    action_slugs = forms.MultipleChoiceField(
        label="Actions", widget=UnfoldAdminCheckboxSelectMultipleWidget, required=False, help_text="None: all."
    )
    production_ids = forms.MultipleChoiceField(
        label="Productions",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
        help_text="None: all that the account sees.",
    )
    expires = forms.DateField(
        label="Good until",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text="To the end of that day; at most two years.",
    )

    def clean_expires(self) -> datetime:
        """The end of the day, in the studio's time zone."""
        end = datetime.combine(self.cleaned_data["expires"] + timedelta(days=1), time.min)
        moment = timezone.make_aware(end, timezone.get_default_timezone())
        if not timezone.now() < moment < timezone.now() + LONGEST:
            raise ValidationError("Choose a day from today on, within two years.")
        return moment


def form_of(sent: Mapping[str, Any] | None, token: Token | None = None) -> TokenForm:
    """The form as it was sent, or as a token stands, or for a new one."""
    form = TokenForm(sent, initial=_standing(token))
    people, productions, trouble = _of_kitsu()
    if token is not None:
        del form.fields["person_id"]
        productions = _with(productions, token.production_ids)
    else:
        _choose(form, "person_id", [("", "Choose an account"), *people])
    slugs = [(action.slug, action.name) for action in Action.objects.all()]
    _choose(form, "action_slugs", _with(slugs, token.action_slugs if token else ()))
    _choose(form, "production_ids", productions)
    if trouble:
        form.trouble = trouble  # type: ignore[attr-defined]
    return form


def chosen(form: TokenForm) -> dict[str, Any]:
    """The fields of a token, from a form that is valid."""
    data = form.cleaned_data
    found = {name: data[name] for name in ("name", "action_slugs", "production_ids")} | {"expires_at": data["expires"]}
    if "person_id" in data:
        names = dict(_choices(form, "person_id"))
        found |= {"person_id": data["person_id"], "person_name": names[data["person_id"]][:200]}
    return found


def _standing(token: Token | None) -> dict[str, Any]:
    if token is None:
        return {"id": uuid.uuid4(), "expires": timezone.localdate() + USUAL}
    last = timezone.localtime(token.expires_at - timedelta(seconds=1), timezone.get_default_timezone()).date()
    same = {name: getattr(token, name) for name in ("name", "action_slugs", "production_ids")}
    return {**same, "id": token.pk, "expires": last}


def _of_kitsu() -> tuple[Choices, Choices, str]:
    """Accounts, bots first, and productions; a sentence where Kitsu does not say."""
    try:
        bot = studio().bot()
        people = [row for row in bot.persons() if row.get("active", True)]
        productions = [(row["id"], row["name"]) for row in bot.open_projects()]
    except KitsuError as error:
        return [], [], f"{error} Nobody can be chosen until it answers."
    people.sort(key=lambda row: (not row.get("is_bot"), _name(row).casefold()))
    return [(row["id"], _name(row)) for row in people], productions, ""


def _name(row: Record) -> str:
    name = row.get("full_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return f"{name} (bot)" if row.get("is_bot") else f"{name} ({row.get('role')})"


def _with(choices: Choices, kept: Iterable[str]) -> Choices:
    """And what the token holds though it is not there any more: only a person takes it away."""
    known = {value for value, _ in choices}
    return [*choices, *((one, f"{one} (not there)") for one in kept if one not in known)]


def _choose(form: TokenForm, name: str, choices: Choices) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _choices(form: TokenForm, name: str) -> Choices:
    return list(form.fields[name].choices)  # type: ignore[attr-defined]
