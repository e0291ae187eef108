"""The registry beside the file that the studio keeps in git: where they differ, and bringing the file in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from actions.admin.actor import actor_of
from actions.models import Action
from actions.registry_file.drift import Drift, drift, drift_in_words, forget_drift
from actions.registry_file.planning import CannotApply, Change, apply
from actions.registry_file.reading import WrongFile
from actions.registry_file.writing import without_secrets
from kitsu_bridge.kitsu.errors import KitsuError

SIGNS = {"create": "New", "change": "Changed"}


def tell_of_drift(request: HttpRequest) -> None:
    """Above the list of actions."""
    if request.method == "GET" and (sentence := drift_in_words()):
        where = reverse("admin:actions_action_drift")
        messages.warning(request, format_html('{} <a class="underline" href="{}">Look where</a>', sentence, where))


def drift_page(request: HttpRequest) -> HttpResponse:
    """GET shows the difference; POST brings the file in."""
    forget_drift()
    found = drift()
    if found is None:
        raise Http404
    if request.method == "POST":
        _bring_in(request, found)
        return HttpResponseRedirect(reverse("admin:actions_action_drift"))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "The registry and its file",
        "drift": found,
        "changes": [(SIGNS[one.does], one, _fields(one)) for one in found.plan.changes if one.does in SIGNS],
        "others": [one for one in found.plan.changes if one.does not in SIGNS],
        "opts": Action._meta,
    }
    return render(request, "admin/actions/action/drift.html", context)


def _bring_in(request: HttpRequest, found: Drift) -> None:
    try:
        apply(found.text, actor_of(request))
    except (CannotApply, WrongFile, KitsuError) as error:
        messages.error(request, f"Nothing was changed. {error}")
    else:
        messages.success(request, "The file was brought in.")


def _fields(change: Change) -> list[tuple[str, Any, Any]]:
    """Without secrets: they are no part of the file."""
    return [(name, _shown(change, name, old), _shown(change, name, new)) for name, (old, new) in change.told.items()]


def _shown(change: Change, name: str, value: Any) -> Any:
    return without_secrets(str(change.row.kind), value) if name == "options" and isinstance(value, dict) else value
