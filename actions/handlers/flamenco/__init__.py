"""Render the selected tasks on Flamenco, or have it do any other of its job types.

One job for each task, or one for the selection. What the job type wants is read from the Manager, and all of it is checked before
anything is sent. The scene file comes from a template, the frames from the shot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from actions.clients.flamenco import Flamenco
from actions.contract import ActionError, Call, Desk, Field, Outcome, Plan
from actions.doing.rendering import Build, Job, plan_jobs, send_jobs
from actions.farms.contract import FarmAway
from actions.handlers.flamenco.building import Builder, Known, known_of
from actions.handlers.flamenco.checking import wrong_on
from actions.handlers.flamenco.job_type_fields import more_options, seen_of
from actions.handlers.flamenco.options import Options
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

FORESEEN = 20
"""Jobs of a preview that the Manager compiles; those after them are checked by us alone."""

__all__ = ["Options", "farm", "more_options", "preview", "run", "wrong"]

Frames = Annotated[str, Field(help="Such as 1001-1010, 1020. Empty: those of the shot.", placeholder="1001-1010")]
Priority = Annotated[int | None, Field(least=0, most=100, help="Empty: that of the action.")]


@handler(title="Render on Flamenco")
def run(call: Call, options: Options, *, frames: Frames = "", priority: Priority = None) -> Outcome:
    """Send the jobs; the bridge looks at them from then on."""
    manager, known = _met(call, options)
    for text in _warnings(options, known):
        call.log(text, "warning")
    outcome = send_jobs(call, manager, options.once_for, Builder(call, options, known, frames, priority))
    for name in manager.newer:
        call.log(f"The job type {name} was changed on the Manager meanwhile: it was read again, and all checked by it.")
    return replace(outcome, link=f"{manager.place}/app/", link_text=known.about.name or "Flamenco")


def preview(call: Call, options: Options, *, frames: Frames = "", priority: Priority = None) -> Plan:
    """The jobs, checked by the Manager too; nothing is sent."""
    manager, known = _met(call, options)
    build = _tried(manager, Builder(call, options, known, frames, priority))
    plan = plan_jobs(call, options.once_for, build)
    where = f"By {known.about.name}, Flamenco {known.about.version}."
    return replace(plan, message=" ".join((plan.message, where, *_warnings(options, known))))


def farm(options: Options, desk: Desk) -> Flamenco:
    """The Manager of the options."""
    return Flamenco(options.url, desk.secret(options.proxy_login) if options.proxy_login else "")


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What the Manager would have against the action, where it answers; it may be away while an action is saved."""
    if options.proxy_login:  # Secrets are for running calls.
        return
    try:
        yield from wrong_on(Flamenco(options.url), options)
    except FarmAway:
        return
    except ActionError as error:
        yield str(error)


def _warnings(options: Options, known: Known) -> Iterator[str]:
    if known.about.warning:
        yield known.about.warning
    if options.type_seen and options.type_seen != seen_of(known.kind):
        yield (
            f"The job type {known.kind.name} was changed on the Manager since this action was saved. Everything is checked "
            "by what it is now; an administrator should look through the action's options and save it again."
        )


def _met(call: Call, options: Options) -> tuple[Flamenco, Known]:
    manager = farm(options, call.desk)
    return manager, call.once("flamenco", lambda: known_of(manager, options))


def _tried(manager: Flamenco, build: Build) -> Callable[[Sequence[Task]], Job]:
    """Builds, and has the Manager compile the first jobs; one that is away by then says nothing against a job."""
    left = iter(range(FORESEEN))

    def built(tasks: Sequence[Task]) -> Job:
        job = build(tasks)
        if next(left, None) is not None:
            try:
                manager.check(job.content)
            except FarmAway:
                list(left)
        return job

    return built
