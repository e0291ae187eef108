"""The page that publishes actions to Kitsu: the difference first, then a button."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from actions.admin.actor import actor_of
from actions.admin.session import session_of
from actions.models import Action
from actions.publish import Publication, adopt, base_url, carry_out, plan
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu


def publish_view(request: HttpRequest) -> HttpResponse:
    """GET shows the plan; POST carries it out, or adopts one button."""
    base = base_url(settings.BRIDGE_URL or request.build_absolute_uri(reverse("front")))
    try:
        kitsu = session_of(request)
        found = plan(kitsu, base)
        if request.method == "POST":
            _act(request, kitsu, found, base)
            return HttpResponseRedirect(reverse("admin:actions_action_buttons"))
        trouble = ""
    except KitsuError as error:
        found, trouble = Publication((), (), ()), str(error)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Publish to Kitsu",
        "plan": found,
        "trouble": trouble,
        "base": base,
        "opts": Action._meta,
    }
    return render(request, "admin/actions/action/publish.html", context)


def _act(request: HttpRequest, kitsu: Kitsu, found: Publication, base: str) -> None:
    """What was seen is what is done: a plan that changed meanwhile is shown again."""
    if adopted := request.POST.get("adopt"):
        for action, row in found.adoptable:
            if row["id"] == adopted:
                adopt(action, row, actor_of(request))
                messages.success(request, f"The button “{row['name']}” belongs to {action.name} now.")
        return
    if request.POST.get("seen") != found.digest:
        messages.warning(request, "The difference has changed since you looked. Look again.")
        return
    if not cache.add("publishing", actor_of(request).id, 60):
        messages.warning(request, "Somebody else publishes at this moment. Look again.")
        return
    done = {"create": "created", "update": "updated", "remove": "removed"}
    try:
        for step, problem in carry_out(found.todo, kitsu, base, actor_of(request)):
            say = messages.error if problem else messages.success
            say(request, f"{step.name}: {problem or done[step.what]}")
    finally:
        cache.delete("publishing")
