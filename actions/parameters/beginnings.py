"""With which values the form begins: suggested by a link, chosen from a preset, used last, or the studio manager's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.contract import Call
from actions.filling import fill_known, of_call
from actions.kinds.hints import REQUIRED, FieldSpec, to_json
from actions.line.calls import selection_of
from actions.models import Preset
from actions.parameters.asked import asked_of
from audit.models import Invocation
from audit.states import Trust
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.tasks import Resolution


def beginnings(
    invocation: Invocation,
    person: Person,
    kitsu: Kitsu,
    preset: Preset | None = None,
    *,
    proven: bool,
    fresh: bool = False,
) -> dict[str, Any]:
    """A value for each field that has one; `fresh`: without what was used last, which is for a `proven` person alone."""
    specs = asked_of(invocation.definition)
    usual = _usual(specs, invocation, person, kitsu)
    last = {} if fresh or preset or not proven else last_used(invocation, person)
    chosen = preset.values if preset else {}
    remembered = {name: value for name, value in last.items() if not _has_variables(specs, invocation, name)}
    suggested = {} if fresh or preset else invocation.parameters
    names = {spec.name for spec in specs}
    found = {**usual, **remembered, **suggested, **chosen}
    return {name: value for name, value in found.items() if name in names}


def last_used(invocation: Invocation, person: Person) -> dict[str, Any]:
    """The parameters of this person's last run of this action."""
    own = Invocation.objects.filter(person_id=person.id, action_slug=invocation.action_slug, trust=Trust.PROVEN)
    before = own.exclude(pk=invocation.pk).exclude(given_at=None).order_by("-received_at", "-id")
    return next(iter(before.values_list("parameters", flat=True)[:1]), {})


def _usual(specs: tuple[FieldSpec, ...], invocation: Invocation, person: Person, kitsu: Kitsu) -> dict[str, Any]:
    """The studio manager's values, else the handler's defaults, with the variables that are known by now."""
    found = {}
    for spec in specs:
        value = _of_the_action(spec, invocation.definition)
        if value is not REQUIRED and value is not None:
            found[spec.name] = _filled(spec, value, invocation, person, kitsu)
    return found


def _of_the_action(spec: FieldSpec, definition: Mapping[str, Any]) -> Any:
    values = definition.get("values") or {}
    return values.get(spec.name, spec.default if spec.default is REQUIRED else to_json(spec.default))


def _filled(spec: FieldSpec, value: Any, invocation: Invocation, person: Person, kitsu: Kitsu) -> Any:
    """What the kind fills for each task stays a template."""
    if not isinstance(value, str) or "{" not in value:
        return value
    return fill_known(value, of_call(not_begun(invocation, person, kitsu)), again=bool(spec.about.template))


def not_begun(invocation: Invocation, person: Person, kitsu: Kitsu) -> Call:
    """A call as it is known before its tasks were read."""
    from actions.worker.calling import about

    nothing = Resolution((), ())
    return Call(
        str(invocation.pk), person, True, selection_of(invocation), nothing, kitsu, Silent(), about=about(invocation)
    )


class Silent:
    """The report of a call that is not carried out."""

    cancelled = False

    def log(self, *said: Any) -> None:
        """Nobody listens."""

    def progress(self, *said: Any) -> None:
        """Nobody listens."""

    def result(self, *said: Any) -> None:
        """Nobody listens."""


def _has_variables(specs: tuple[FieldSpec, ...], invocation: Invocation, name: str) -> bool:
    """A name such as `Review {date}` begins anew each day."""
    value = next((_of_the_action(spec, invocation.definition) for spec in specs if spec.name == name), None)
    return isinstance(value, str) and "{" in value
