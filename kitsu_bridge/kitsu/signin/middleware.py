"""Gives each request its identity, its time zone, and the admin its user. Nothing is asked of Kitsu until somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kitsu_bridge.kitsu.signin.acting import acting_in
from kitsu_bridge.kitsu.signin.identity import Identity, identify, identity_of
from kitsu_bridge.kitsu.signin.users import is_shadow, shadow_of
from kitsu_bridge.kitsu.signin.zone import show_times_of


class PersonMiddleware:
    """`request.identity`, and `request.user` as the shadow of a proven studio manager."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """All are lazy: a page that does not look costs nothing."""
        local = request.user
        request.identity = SimpleLazyObject(lambda: _identified(request))  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _user(request, local))  # type: ignore[assignment]
        with acting_in(request), timezone.override(None):
            return self.get_response(request)


def _identified(request: HttpRequest) -> Identity:
    """Whoever is known has a clock as well."""
    identity = identify(request)
    show_times_of(identity.person, request)
    return identity


def _user(request: HttpRequest, local: Any) -> Any:
    """A local user who signed in here on purpose stays who they are; else the shadow, else nobody.

    A shadow that was given a password by hand opens nothing: what it may is Kitsu's to say, at each request.
    """
    if local.is_authenticated and not is_shadow(local):
        return local
    person = identity_of(request).person
    return shadow_of(person) if person is not None and person.is_studio_manager else AnonymousUser()
