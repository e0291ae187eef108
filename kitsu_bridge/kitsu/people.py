"""A person of the studio, as Kitsu describes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from kitsu_bridge.kitsu.interface import Record

Role = Literal["admin", "manager", "supervisor", "user", "client", "vendor"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Kitsu's roles (zou/app/models/person.py in Zou 1.0.97), from most to least."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is in Kitsu, for as long as one request or one run lasts."""

    id: str
    email: str
    name: str
    role: str
    departments: tuple[str, ...] = ()
    active: bool = True
    is_bot: bool = False
    timezone: str = "UTC"
    project_roles: dict[str, str] = field(default_factory=dict, compare=False)
    projects: frozenset[str] = field(default=frozenset(), compare=False)
    """The open projects in whose team they are; of a studio manager, all."""

    @classmethod
    def from_record(cls, row: Record) -> Person:
        """From a row of `whoami()`, `persons()` or `team()`; missing fields get Kitsu's defaults."""
        name = row.get("full_name") or f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
        return cls(
            id=str(row["id"]),
            email=row.get("email") or "",
            name=name or row.get("email") or "",
            role=row.get("role") or "user",
            departments=tuple(row.get("departments") or ()),
            active=bool(row.get("active", True)),
            is_bot=bool(row.get("is_bot", False)),
            timezone=row.get("timezone") or "UTC",
        )

    @property
    def is_studio_manager(self) -> bool:
        """Kitsu's role `admin`: global only, no project can give or take it."""
        return self.role == "admin"

    def role_in(self, project_id: str) -> str:
        """The role in a project: the project's own where it gives one, else the studio's."""
        return self.role if self.is_studio_manager else self.project_roles.get(project_id, self.role)
