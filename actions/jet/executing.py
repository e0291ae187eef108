"""The answer to `execute_action`: into the line with an action of the bridge; any other name is the studio's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from actions.jet.asking import Asking
from actions.jet.fields import spec_of, value_of
from actions.jet.handlers import call, handler_of
from actions.jet.header import unavailable
from actions.jet.listing import CONFIRMED, asks_first, studios_list
from actions.jet.selected import tasks_of
from actions.jet.wanted import Wanted, read_wanted
from actions.kinds.fields import form_field
from actions.kinds.hints import FieldSpec
from actions.line.known import action_of
from actions.line.problems import Problem, Refusal
from actions.line.programs import Ask, Entered, refuse_unheard
from actions.models import Action
from actions.parameters.asked import parameters_of
from audit.states import Door
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.storable import storable

EXECUTE = "execute_action"


class NotRun(Exception):
    """A call that was refused, and recorded so; `fields`: by parameter."""

    def __init__(self, problem: Problem, fields: Mapping[str, str]) -> None:
        self.problem, self.fields = problem, fields
        super().__init__(problem.sentence)


def execute(request: HttpRequest, params: Any, asking: Asking) -> Any:
    """What became of it. Raises `NotRun`, `ValidationError`, `PermissionDenied`."""
    slug = read_wanted(params).name
    action = action_of(slug) if storable(slug) == slug else None
    handler = handler_of(EXECUTE)
    if action is None and handler is not None:
        _check(asking, slug, read_wanted(params))
        return call(handler, EXECUTE, params, asking)
    entered = _run(action, slug, params, asking)
    if entered.problem is not None:
        raise NotRun(entered.problem, entered.fields)
    return {
        "result": True,
        "state": entered.invocation.state,
        "reason": entered.invocation.reason,
        "page": request.build_absolute_uri(entered.invocation.get_absolute_url()),
    }


def _run(action: Action | None, slug: str, params: Any, asking: Asking) -> Entered:
    definition = action.definition() if action else {}
    specs = {spec.name: spec for spec in parameters_of(definition)}
    wanted = read_wanted(params, frozenset(specs))
    yes = CONFIRMED not in specs and asks_first(definition)
    given = {name: value_of(specs[name], value) if name in specs else value
             for name, value in wanted.params.items() if not (yes and name == CONFIRMED)}  # fmt: skip
    ids = _tasks(wanted, asking, definition, given) if action else wanted.ids
    return asking.run(slug, ids, given, confirmed=yes and wanted.params.get(CONFIRMED) in (True, "true"))


def _tasks(wanted: Wanted, asking: Asking, definition: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        return tasks_of(wanted, asking.proof, definition["projects"])
    except KitsuError as error:
        problem = unavailable(error).problem
    except Refusal as refusal:
        problem = refusal.problem
    wish = Ask(wanted.name, wanted.ids, given)
    refuse_unheard(wish, problem, Door.JET, address=asking.address)
    raise NotRun(problem, {})


def _check(asking: Asking, name: str, wanted: Wanted) -> None:
    """Hold what was sent to what the studio's own list declares of the action, if it lists it."""
    if asking.narrow:
        raise PermissionDenied("This token is for actions of the bridge only.")
    listed = next((one for one in studios_list(asking) if one.get("name") == name), {})
    wrong = {}
    for spec in [spec_of(param) for param in listed.get("params") or ()]:
        try:
            _clean(spec, wanted.params.get(spec.name))
        except ValidationError as error:
            wrong[spec.name] = error.messages
    if wrong:
        raise ValidationError(wrong)


def _clean(spec: FieldSpec, sent: Any) -> None:
    if sent in (None, "", [], {}):
        if spec.required:
            raise ValidationError("this field is required")
    elif spec.type != "json":  # Any JSON is right.
        form_field(spec).clean(value_of(spec, sent))
