"""The live preview below an action's form, and the same as a page of its own where there is no JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.admin.actor import actor_of
from actions.admin.asked import VALUE
from actions.admin.session import session_of
from actions.admin.trial.call import call_for
from actions.admin.trial.choice import choices, task_of
from actions.admin.trial.filled import filled, filled_fields, table_of, templates_of
from actions.contract import Call
from actions.filling import of_task
from actions.filling.filters import FILTERS
from actions.kinds.hints import REQUIRED, FieldSpec
from actions.models import Action
from actions.registry import Kind, kinds
from kitsu_bridge.kitsu.errors import KitsuError

SYNTAXES = {"text": "Text", "url": "Address", "json": "JSON"}


def trial_choice(request: HttpRequest) -> HttpResponse:
    """The productions and tasks to choose from, as a part of a page; choosing a production asks for it again."""
    response = render(request, "admin/actions/action/trial/choice.html", _choice(request))
    response.headers["HX-Trigger-After-Settle"] = "trial"
    return response


def trial_shown(request: HttpRequest) -> HttpResponse:
    """What the form's templates become on the chosen task, each beside its option; and all variables."""
    call, trouble = _call(request)
    variables = of_task(call, call.tasks[0]) if call else None
    context = {
        "filled": filled_fields(_kind(request), request.POST.dict(), variables),
        "trouble": trouble,
        **_table(call),
    }
    return render(request, "admin/actions/action/trial/shown.html", context)


def trial_page(request: HttpRequest) -> HttpResponse:
    """A template, a task, and what becomes of it: works without JavaScript. Opened from an option, it begins with that."""
    syntax, template = _template(request)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Try a template on a task",
        "opts": Action._meta,
        "syntaxes": SYNTAXES,
        "syntax": syntax,
        "template": template,
        **_choice(request),
    }
    if request.method == "POST":
        call, trouble = _call(request)
        variables = of_task(call, call.tasks[0]) if call else None
        context |= {"one": filled("", template, syntax, "text", variables), **_table(call)}
        context["trouble"] = trouble or context["trouble"]
    return render(request, "admin/actions/action/trial/page.html", context)


def _choice(request: HttpRequest) -> dict[str, Any]:
    """The last choice is kept: it comes back with the form."""
    sent = request.POST or request.GET
    pasted = sent.get("trial_pasted", "")[:2000]
    try:
        found = choices(session_of(request), actor_of(request).id, sent.get("trial_project", ""))
    except KitsuError as error:
        return {"trouble": str(error), "pasted": pasted}
    chosen = sent.get("trial_task", "")
    return {
        "choice": found,
        "chosen": chosen if chosen in dict(found.tasks) else found.task,
        "pasted": pasted,
        "trouble": "",
    }


def _call(request: HttpRequest) -> tuple[Call | None, str]:
    """A call on the chosen task; or why there is none."""
    pasted = request.POST.get("trial_pasted", "").strip()
    try:
        kitsu = session_of(request)
        task = task_of(kitsu, request.POST.get("trial_task", ""), pasted)
    except KitsuError as error:
        return None, str(error)
    if task is None:
        return None, "No task that you may see has this id." if pasted else "Choose a task."
    return call_for(request, kitsu, actor_of(request), task, request.POST.get("name", "")[:80] or "Action"), ""


def _table(call: Call | None) -> dict[str, Any]:
    return {"task": call.tasks[0], "lines": table_of(call), "filters": FILTERS} if call else {}


def _kind(request: HttpRequest) -> Kind | None:
    return kinds().get(request.POST.get("kind", "") or request.GET.get("kind", ""))


def _template(request: HttpRequest) -> tuple[str, str]:
    """Syntax and text: as sent, else of the option that the page was opened from."""
    if request.method == "POST":
        syntax = request.POST.get("syntax", "")
        return syntax if syntax in SYNTAXES else "text", request.POST.get("template", "")[:20_000]
    name = request.GET.get("field", "")
    spec = templates_of(_kind(request)).get(name)
    return (spec.about.template, _kept(request, name, spec)) if spec else ("text", "")


def _kept(request: HttpRequest, field: str, spec: FieldSpec) -> str:
    """What the action has, else the default."""
    action = Action.objects.filter(slug=request.GET.get("action", "").replace("\x00", "")).first()
    kept = (action.values if field.startswith(VALUE) else action.options) if action else {}
    value = kept.get(spec.name) if isinstance(kept, dict) else None
    value = spec.default if value is None and spec.default is not REQUIRED else value
    return value if isinstance(value, str) else ""
