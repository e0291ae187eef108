"""Maintenance in the admin: pause everything or one action, drain a worker, and let all go on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from actions.admin.actor import actor_of
from actions.line.maintenance import resume
from actions.line.pauses import EVERYTHING, pause
from actions.models import Action, Pause
from actions.worker.draining import QueueAway, drain, take_again, workers
from audit.models import Event, Invocation
from audit.states import Happened, State, WaitingFor
from kitsu_bridge.kitsu.storable import storable

TOLD = (Happened.PAUSED, Happened.RESUMED, Happened.WORKER_DRAINED, Happened.WORKER_RESUMED)
SUGGESTED = "Maintenance: your call is kept and runs when we are done."


@admin.register(Pause)
class MaintenanceAdmin(ModelAdmin):
    """One page: what is paused, what waits for it, and the workers."""

    def get_urls(self) -> list[URLPattern]:
        """The page, and what its buttons do."""
        pages = {
            "": (self.changelist_view, "changelist"),
            "turn/": (self.turn, "turn"),
            "worker/": (self.worker, "worker"),
        }
        wrap = self.admin_site.admin_view
        return [path(where, wrap(view), name=f"actions_pause_{name}") for where, (view, name) in pages.items()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """What is paused, and by whom."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        standing = {pause.slug: pause for pause in Pause.objects.all()}
        context = {
            **self.admin_site.each_context(request),
            "title": "Maintenance",
            "everything": standing.pop(EVERYTHING, None),
            "paused": [(one, _name_of(one.slug), _waiting(one.slug)) for one in standing.values()],
            "others": Action.objects.exclude(slug__in=list(standing)).order_by("order", "name"),
            "waiting": _waiting(),
            "running": Invocation.objects.filter(state=State.RUNNING).count(),
            "suggested": SUGGESTED,
            "may_change": self.has_change_permission(request),
            "history": Event.objects.filter(what__in=TOLD).order_by("-id")[:20],
            "opts": self.opts,
            **_workers(),
        }
        return render(request, "admin/actions/maintenance.html", context)

    def turn(self, request: HttpRequest) -> HttpResponse:
        """Pause, or let go on."""
        return require_POST(self._turn)(request)

    def _turn(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        slug = storable(request.POST.get("slug", ""))[:80]
        name = _name_of(slug)
        sentence = request.POST.get("sentence", "").replace("\x00", "").strip()
        if request.POST.get("do") == "resume":
            if resume(slug, actor_of(request)):
                messages.success(request, f"{name} runs again. Calls that waited go on, oldest first.")
        elif slug != EVERYTHING and not Action.objects.filter(slug=slug).exists():
            messages.error(request, "Choose an action, or pause everything.")
        elif not sentence:
            messages.error(request, "Say in a sentence why: people read it on the pages of their calls.")
        else:
            pause(slug, sentence, actor_of(request))
            messages.success(request, f"{name} is paused. Calls are kept; what runs already runs to its end.")
        return _back()

    def worker(self, request: HttpRequest) -> HttpResponse:
        """Drain a worker, or let it take again."""
        return require_POST(self._worker)(request)

    def _worker(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            found = next((one for one in workers() if one.name == request.POST.get("name")), None)
        except QueueAway as error:
            messages.error(request, f"{error} Try again when it is back.")
            return _back()
        if found is None:
            messages.error(request, "That worker does not answer any more.")
        elif request.POST.get("do") == "take":
            take_again(found, actor_of(request))
            messages.success(request, f"{found.name} takes invocations again.")
        else:
            drain(found, actor_of(request))
            messages.success(
                request, f"{found.name} takes nothing new. It can be stopped when it has ended what it has."
            )
        return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:actions_pause_changelist"))


def _name_of(slug: str) -> str:
    if slug == EVERYTHING:
        return "Everything"
    action = Action.objects.filter(slug=slug).only("name").first()
    return f"“{action.name}”" if action else slug


def _waiting(slug: str = "") -> int:
    rows = Invocation.objects.filter(state=State.WAITING, waiting_for=WaitingFor.MAINTENANCE)
    return (rows.filter(action_slug=slug) if slug else rows).count()


def _workers() -> dict[str, Any]:
    try:
        return {"workers": workers(), "trouble": ""}
    except QueueAway as error:
        return {"workers": [], "trouble": str(error)}
