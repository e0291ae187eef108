"""Quality checks: functions marked with `@check`, ours and a studio's own. The kind `check` runs them.

from actions.quality import Facts, check
from kitsu_bridge.kitsu.tasks import Task

@check(title="Wrong name", severity="problem", entity_types={"shot"}, of="entity")
def wrong_name(task: Task, facts: Facts) -> str:
    '''Shots are named SH and four digits.'''
    return "" if re.fullmatch(r"SH[0-9]{4}", task.entity.name) else f"It is named {task.entity.name}."
"""

from __future__ import annotations

from actions.quality import built_in  # noqa: F401 - its checks stand in the table from the beginning
from actions.quality.facts import Facts
from actions.quality.looking import Finding, Look
from actions.quality.table import Check, Severity, check, checks, forget, has_checks

__all__ = ["Check", "Facts", "Finding", "Look", "Severity", "check", "checks", "forget", "has_checks"]
