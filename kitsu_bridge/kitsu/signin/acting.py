"""Who acts in this request, for what hears of a change without being handed the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import local_superuser

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def acting_in(request: HttpRequest) -> Iterator[None]:
    """While this request is answered."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def acting() -> Person | None:
    """Whoever acts; None outside of a request, as on the command line."""
    request = _request.get()
    return actor_of(request) if request is not None else None


def actor_of(request: HttpRequest) -> Person:
    """The proven person; or the local user of the emergency door, under its own kind of id."""
    identity = identity_of(request)
    if identity.person is not None and not local_superuser(request):
        return identity.person
    name = request.user.get_username()
    return Person(f"user:{request.user.pk}", "", f"{name} (local user)", "admin")
