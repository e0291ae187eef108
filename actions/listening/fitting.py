"""Whether an event fits a rule: one question after the other, each on one line of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actions.listening.facts import Facts
from actions.models import Rule
from kitsu_bridge.kitsu.events import KitsuEvent


def fitting(event: KitsuEvent, rules: Iterable[Rule], facts: Facts) -> Iterator[Rule]:
    """The rules that an event fits, in their order."""
    return (rule for rule in rules if fits(event, rule, facts))


def fits(event: KitsuEvent, rule: Rule, facts: Facts) -> bool:
    """What happened before the rule was switched on, or last changed, fits nothing. Kitsu tells time to the second."""
    task = facts.tasks.get(facts.task_of(event), {})
    project_id = task.get("project_id") or event.project_id
    wanted: tuple[tuple[list[str], str], ...] = (
        (rule.projects, project_id),
        (rule.task_types, task.get("task_type_id", "")),
        (rule.statuses_from, event.status_from),
        (rule.statuses_to, event.status_to),
        (rule.persons, event.person_id),
    )
    if event.name != rule.event or event.at < rule.since.replace(microsecond=0):
        return False
    return all(not among or found in among for among, found in wanted)
