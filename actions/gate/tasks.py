"""The second half of the gate, in the worker: what the tasks themselves say, before the handler sees any of them."""

from __future__ import annotations

from collections.abc import Iterable

from actions.gate.door import Definition, all_that_ask, in_words
from actions.gate.scope import Scope, productions_in
from actions.gate.verdict import ALLOWED, Verdict, first_no
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Resolution, Task


def for_the_tasks(
    definition: Definition, person: Person | None, resolution: Resolution, scope: Scope | None = None
) -> Verdict:
    """Whether this person may run this action on these tasks.

    What the person may not see is not among them any more; when nothing is left, there is nothing to run on.
    """
    verdicts = [something_left(resolution), productions_in(scope, resolution)]
    for one in all_that_ask(definition):
        verdicts += [
            entity_types(one, resolution),
            projects(one, resolution),
            roles(one, person, resolution),
            departments(one, person),
        ]
    return first_no(verdicts)


def something_left(resolution: Resolution) -> Verdict:
    """At least one task stands for something that the person may see."""
    if resolution.tasks:
        return ALLOWED
    reasons = "; ".join(sorted({missing.reason for missing in resolution.missing}))
    return Verdict(
        "nothing_there",
        f"None of the {len(resolution.missing):,} selected tasks is there for you: {reasons}.",
        "Reload Kitsu's page, select again and run the action once more.",
    )


def entity_types(definition: Definition, resolution: Resolution) -> Verdict:
    """Only tasks of the kinds of entity that the action is for; taken from the tasks, never from the payload."""
    wanted = definition["entity_types"]
    strangers = [task for task in resolution if wanted and task.entity.kind not in wanted]
    if not strangers:
        return ALLOWED
    return Verdict(
        "entity_type",
        f"This action is for {_and(wanted)} tasks; {_named(strangers)} {_is(strangers)} not.",
        "Select only such tasks and run it again.",
    )


def projects(definition: Definition, resolution: Resolution) -> Verdict:
    """Only tasks of the productions that the action is for."""
    wanted = set(definition["projects"])
    strangers = [task for task in resolution if wanted and task.project.id not in wanted]
    if not strangers:
        return ALLOWED
    names = _and(sorted({task.project.name for task in strangers}))
    return Verdict("project", f"This action is not for the production {names}.", "Ask your studio manager to add it.")


def roles(definition: Definition, person: Person | None, resolution: Resolution) -> Verdict:
    """The role counts that the person has in each production of the selection."""
    wanted = set(definition["roles"])
    strangers = [
        task for task in resolution if wanted and (person is None or person.role_in(task.project.id) not in wanted)
    ]
    if not strangers:
        return ALLOWED
    first = strangers[0].project
    held = in_words(person.role_in(first.id)) if person else "not known"
    return Verdict(
        "role",
        f"This action is for the role {_and(map(in_words, definition['roles']), 'or')}; in {first.name} yours is {held}.",
        "Ask a manager of the production if you need it.",
    )


def departments(definition: Definition, person: Person | None) -> Verdict:
    """Only people of the departments that the action is for."""
    wanted = set(definition["departments"])
    if not wanted or (person is not None and wanted & set(person.departments)):
        return ALLOWED
    return Verdict(
        "department",
        "This action is for people of certain departments, and you are in none of them.",
        "Ask your studio manager.",
    )


def _named(tasks: list[Task]) -> str:
    rest = f" and {len(tasks) - 3:,} more" if len(tasks) > 3 else ""
    return ", ".join(task.name for task in tasks[:3]) + rest


def _is(tasks: list[Task]) -> str:
    return "is" if len(tasks) == 1 else "are"


def _and(words: Iterable[str], joint: str = "and") -> str:
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last
