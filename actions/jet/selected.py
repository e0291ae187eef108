"""From Kitsu's ids, as Jet's tables have them, to the tasks that an action runs on.

A task's id is that task. An entity's id (of a shot, an asset, ...) is all tasks on it that the person may see. All but
these: what is left of the productions that the token is for, or else of those that the action is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings

from actions.doors.bearer import Proof
from actions.jet.wanted import Wanted
from actions.line.problems import refuse
from actions.line.programs import MOST_IDS
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.visibility import seen_by


def tasks_of(wanted: Wanted, proof: Proof, of_action: Sequence[str]) -> tuple[str, ...]:
    """Ids of tasks. Raises `KitsuError`, and `Refusal` where nobody says all of what is meant.

    What is no id, or too much, is given back as it came: the line says so. `of_action`: the productions of the action.
    """
    readable = len(wanted.ids) <= MOST_IDS and all(is_id(one.lower()) for one in wanted.ids)
    named_tasks = wanted.model in settings.JET_TASK_MODELS
    if not readable or (named_tasks and not wanted.inverse):
        return wanted.ids
    kitsu = _sight(proof)
    named = wanted.ids if named_tasks else tuple(_with_tasks_of_entities(kitsu, wanted.ids))
    return tuple(_all_but(kitsu, named, _productions(proof, of_action))) if wanted.inverse else named


def _sight(proof: Proof) -> Kitsu:
    """A session that shows what the person may see."""
    if proof.token:
        return seen_by(studio().session(proof.token), proof.person, own=True)
    return seen_by(studio().bot(), proof.person)


def _with_tasks_of_entities(kitsu: Kitsu, ids: Sequence[str]) -> Iterator[str]:
    """In their order, each entity's tasks in its place; an id on which there are none is taken for a task's."""
    found: dict[str, list[str]] = {}
    for row in kitsu.entity_tasks([one.lower() for one in ids]) if ids else ():
        found.setdefault(row["entity_id"], []).append(row["id"])
    for one in ids:
        yield from sorted(found.get(one.lower(), [one]))


def _all_but(kitsu: Kitsu, named: Sequence[str], productions: Sequence[str]) -> Iterator[str]:
    """Bounded: one more than can be run is enough for the line to say no."""
    without, count = {one.lower() for one in named}, 0
    for project_id in productions:
        for row in kitsu.project_tasks(project_id):
            if row["id"] not in without and count <= MOST_IDS:
                count += 1
                yield row["id"]


def _productions(proof: Proof, of_action: Sequence[str]) -> Sequence[str]:
    of_token = proof.scope.productions if proof.scope else ()
    both = [one for one in of_token if not of_action or one in of_action] or list(of_action if not of_token else ())
    if not both:
        raise refuse(
            422, "inverse", "All but these is too much", "Neither the token nor the action says which productions are meant.",
            "Hold the token or the action to productions, or name the records.",
        )  # fmt: skip
    return both
