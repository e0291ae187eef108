"""The Django user that the admin needs of a studio manager: a shadow without a password, made anew at each request."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.signin.identity import identity_of

SHADOW = "kitsu:"
"""What the names of shadows begin with."""


def shadow_of(person: Person) -> User:
    """The user of a studio manager, for one request. What it may is never stored: Kitsu says it, each time."""
    user, _ = User.objects.get_or_create(username=f"{SHADOW}{person.id}"[:150], defaults={"password": "!"})
    name = person.name[:150]
    if user.first_name != name:
        User.objects.filter(pk=user.pk).update(first_name=name)
    user.first_name, user.email = name, person.email
    user.is_staff = user.is_superuser = True
    return user


def is_studio_manager(request: HttpRequest) -> bool:
    """Whether Kitsu's role `admin` is proven for this request, or a local superuser stands in for it."""
    person = identity_of(request).person
    return (person is not None and person.is_studio_manager) or local_superuser(request)


def local_superuser(request: HttpRequest) -> bool:
    """The emergency door: a user of Django's own, for when Kitsu is away."""
    user = request.user
    return bool(user.is_authenticated and user.is_superuser and not is_shadow(user))


def is_shadow(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this is some studio manager's shadow: nobody signs in as one, whatever its row says."""
    return user.get_username().startswith(SHADOW)
