"""Every change of a local user or group, in the admin or on the command line, is an event."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.signin.acting import acting
from kitsu_bridge.kitsu.signin.users import is_shadow
from kitsu_bridge.secrets import fingerprint

SHOWN = {User: ("username", "is_active", "is_staff", "is_superuser"), Group: ("name",)}
CHANGED = {User: Happened.USER_CHANGED, Group: Happened.GROUP_CHANGED}
DELETED = {User: Happened.USER_DELETED, Group: Happened.GROUP_DELETED}
UNSAID = frozenset({"last_login"})
"""Signing in is an event of its own."""


@receiver(pre_save, sender=User)
@receiver(pre_save, sender=Group)
def look(sender: type[Model], instance: Any, **_: Any) -> None:
    """How it stood before it is saved."""
    instance._stood = sender._default_manager.filter(pk=instance.pk).first()


@receiver(post_save, sender=User)
@receiver(post_save, sender=Group)
def changed(sender: type[Model], instance: Any, created: bool, update_fields: Any = None, **_: Any) -> None:
    """It was made or changed. A studio manager's shadow makes itself: what it may, Kitsu says."""
    by_itself = created and isinstance(instance, User) and is_shadow(instance)
    if by_itself or (update_fields and set(update_fields) <= UNSAID):
        return
    before, after = _fields(sender, instance._stood), _fields(sender, instance)
    names = [name for name in after if before.get(name) != after[name]]
    if not names:
        return
    data = {
        "before": {name: before[name] for name in names if name in before},
        "after": {name: after[name] for name in names},
    }
    _tell(CHANGED[sender], instance, data)


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def deleted(sender: type[Model], instance: Any, **_: Any) -> None:
    """It is gone."""
    _tell(DELETED[sender], instance, {"before": _fields(sender, instance), "after": {}})


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def linked(instance: Any, action: str, model: type[Model], pk_set: set[int] | None, **_: Any) -> None:
    """A permission or a group was given or taken."""
    if action not in {"post_add", "post_remove", "pre_clear"}:
        return
    given, taken = ("after", "before") if action == "post_add" else ("before", "after")
    if action == "pre_clear":
        many = (
            instance.groups if model is Group else getattr(instance, "user_permissions", None) or instance.permissions
        )
        pk_set = set(many.values_list("pk", flat=True))
    names = sorted(str(row) for row in model._default_manager.filter(pk__in=pk_set or ()))
    if names:
        what = "groups" if model is Group else "permissions"
        _tell(CHANGED[type(instance)], instance, {given: {what: names}, taken: {what: []}})


def _fields(sender: type[Model], row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    found = {name: getattr(row, name) for name in SHOWN[sender]}
    if isinstance(row, User):
        # Only that it is another one: a few digits that nobody gets anything back from.
        found["signs in with"] = fingerprint(row.password)[:6]
    return found


def _tell(what: Happened, instance: Any, data: dict[str, Any]) -> None:
    subject = f"{instance._meta.model_name}:{instance.pk}"
    write_event(what, subject=subject, actor=acting(), text=str(instance), data=data)
