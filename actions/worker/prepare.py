"""Before a handler begins: who it is for, what they may see, the tasks themselves, and the second half of the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.contract import Selection
from actions.gate import Scope, for_the_tasks
from actions.line.calls import demand, selection_of
from actions.line.problems import refuse
from actions.line.who import refresh_roles
from actions.worker.report import RecordedReport, clean
from audit.models import Invocation
from audit.states import Happened, Trust
from kitsu_bridge.kitsu.errors import KitsuUnavailable, SignInRefused, TokenRejected
from kitsu_bridge.kitsu.hold import held
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.tasks import Resolution
from kitsu_bridge.kitsu.visibility import seen_by

LONGEST_ENTITIES = 20_000
"""Characters of the names of entities that the log keeps of one invocation: of some thousand shots."""


class KitsuAway(Exception):
    """Kitsu did not answer before the handler began: nothing was done yet, so the call can wait."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that a handler is called with."""

    person: Person
    proven: bool
    selection: Selection
    resolution: Resolution
    kitsu: Kitsu


def prepare(invocation: Invocation, report: RecordedReport) -> Prepared:
    """Read the tasks as the person may see them, write down what was read, and ask the gate.

    Raises `Refusal` when the gate says no, `KitsuAway` when Kitsu does not answer.
    """
    try:
        person, kitsu = _reader(invocation)
        resolution = resolve(kitsu, invocation.task_ids, reader=studio().bot)
        person = refresh_roles(person, {task.project.id for task in resolution})
    except KitsuUnavailable as error:
        raise KitsuAway(str(error)) from error
    _write_down(invocation, resolution, report)
    scope = Scope.from_json(invocation.bearer)
    demand(for_the_tasks(invocation.definition, person, resolution, scope))
    return Prepared(person, invocation.trust == Trust.PROVEN, selection_of(invocation), resolution, kitsu)


def _reader(invocation: Invocation) -> tuple[Person, Kitsu]:
    """The person as Kitsu knows them now, and a session that shows what they may see.

    Their own token while it is held and good; else the bot reads, and the rules of Zou decide what they get to see.
    """
    token = held(str(invocation.pk))
    if token:
        try:
            return _with_own_session(studio().session(token))
        except TokenRejected:
            pass
    try:
        bot = studio().bot()
        person = _as_known_to(bot, invocation.person_id)
    except (TokenRejected, SignInRefused) as error:
        raise KitsuUnavailable(f"The bridge's own account is not accepted: {error}") from error
    return person, seen_by(bot, person)


def _with_own_session(kitsu: Kitsu) -> tuple[Person, Kitsu]:
    person = Person.from_record(kitsu.whoami())
    person = replace(person, project_roles=dict(kitsu.context().get("project_roles") or {}))
    # Zou's list routes go by the studio's role alone: who is a vendor in one production only is held to it here.
    return person, seen_by(kitsu, person, own=True)


def _as_known_to(bot: Kitsu, person_id: str) -> Person:
    row = next((row for row in bot.persons() if row["id"] == person_id), None)
    if row is None or not row.get("active", True):
        raise refuse(
            403,
            "unknown_person",
            "Kitsu does not know this person any more",
            "The account that asked for this was deactivated or removed since.",
            "Ask your studio manager.",
        )
    return Person.from_record(row)


def _write_down(invocation: Invocation, resolution: Resolution, report: RecordedReport) -> None:
    """Which productions it is about, as the tasks say, and which ids came to nothing."""
    names = {task.project.id: task.project.name[:200] for task in resolution}
    invocation.project_ids, invocation.project_names = list(names), list(names.values())
    invocation.entities = _names_of_entities(resolution)
    Invocation.objects.filter(pk=invocation.pk).update(
        project_ids=invocation.project_ids, project_names=invocation.project_names, entities=invocation.entities
    )
    report.missing(resolution.missing)
    invocation.event(
        Happened.RESOLVED,
        text=f"{len(resolution.tasks):,} tasks read, {len(resolution.missing):,} not there.",
        tasks=len(resolution.tasks),
        missing=len(resolution.missing),
    ).save()


def _names_of_entities(resolution: Resolution) -> str:
    """What the log is searched by: each once, as many as are kept."""
    paths = dict.fromkeys(" ".join(clean(task.entity.path).split())[:400] for task in resolution)
    return "\n".join(paths)[:LONGEST_ENTITIES]
