"""Gives each request its identity, and the admin its user. Nothing is asked of Kitsu until somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kitsu_bridge.kitsu.signin.acting import acting_in
from kitsu_bridge.kitsu.signin.identity import identify, identity_of
from kitsu_bridge.kitsu.signin.users import is_shadow, shadow_of


class PersonMiddleware:
    """`request.identity`, and `request.user` as the shadow of a proven studio manager."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Both are lazy: a page that does not look costs nothing."""
        local = request.user
        request.identity = SimpleLazyObject(lambda: identify(request))  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _user(request, local))  # type: ignore[assignment]
        with acting_in(request):
            return self.get_response(request)


def _user(request: HttpRequest, local: Any) -> Any:
    """A local user who signed in here on purpose stays who they are; else the shadow, else nobody.

    A shadow that was given a password by hand opens nothing: what it may is Kitsu's to say, at each request.
    """
    if local.is_authenticated and not is_shadow(local):
        return local
    person = identity_of(request).person
    return shadow_of(person) if person is not None and person.is_studio_manager else AnonymousUser()
