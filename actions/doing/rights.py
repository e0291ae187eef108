"""Whom Kitsu lets change what supervisors decide about a task, told before it is tried."""

from __future__ import annotations

from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Task


def may_supervise(person: Person | None, task: Task) -> bool:
    """Whether Kitsu lets a person set a task's priority and dates; of somebody unknown Kitsu itself decides.

    Managers of the production may, and supervisors: of any task where they have no department, else where it is the one of
    the task's type (`check_supervisor_task_access` in zou/app/services/permissions_service.py in Zou 1.0.97).
    """
    role = person.role_in(task.project.id) if person else "admin"
    if person is None or role != "supervisor":
        return role in {"admin", "manager"}
    return not person.departments or task.task_type.department_id in person.departments
