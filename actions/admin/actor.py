"""Who acts in the admin."""

from __future__ import annotations

from django.http import HttpRequest

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import local_superuser


def actor_of(request: HttpRequest) -> Person:
    """The proven person; or the local user of the emergency door, under its own kind of id."""
    identity = identity_of(request)
    if identity.person is not None and not local_superuser(request):
        return identity.person
    name = request.user.get_username()
    return Person(f"user:{request.user.pk}", "", f"{name} (local user)", "admin")
