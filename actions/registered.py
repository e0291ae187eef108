"""Tells the record which actions there are, for its overview."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from actions.models import Action
from audit.overview.registered import Registered


def all_actions() -> Iterator[Registered]:
    """Every action of the registry."""
    for action in Action.objects.all():
        link = reverse("admin:actions_action_change", args=[action.pk])
        yield Registered(action.slug, action.name, action.enabled, action.changed_at, link)
