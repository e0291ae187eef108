"""The form of the emergency door: a local account of the bridge, for when Kitsu is away. Tried and recorded like the other."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.signals import person_signed_in, sign_in_refused
from kitsu_bridge.kitsu.signin.views import seconds_until_next_try


class LocalSignInForm(AuthenticationForm):  # type: ignore[misc]
    """Django's form, which by itself could be tried without end and would leave no trace."""

    def clean(self) -> dict[str, Any]:
        """Not more often than at Kitsu's door; each attempt is an event."""
        name, address = self.cleaned_data.get("username", ""), address_of(self.request)
        if wait := seconds_until_next_try(self.request, name):
            raise ValidationError(f"Too many attempts. Wait {wait} seconds and try again.")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            sign_in_refused.send(None, email=name, address=address, reason="Local account")
            raise
        user = self.get_user()
        if user is not None:
            person = Person(f"user:{user.pk}", "", f"{name} (local user)", "admin")
            person_signed_in.send(None, person=person, address=address)
        return cleaned
