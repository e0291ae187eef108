"""The kinds in the admin: what there is, where it comes from, what is broken, and the switch of those from outside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from actions.admin.actor import actor_of
from actions.kinds.sources import folder_trouble
from actions.kinds.switches import history_of, see, turn
from actions.models import Action, KindSwitch
from actions.quality import Check, checks
from actions.registry import kinds


@admin.register(KindSwitch)
class KindAdmin(ModelAdmin):
    """To read, but for the switch: a kind is a file."""

    def get_urls(self) -> list[URLPattern]:
        """The page, and the switch."""
        seen, switch = self.admin_site.admin_view(self.changelist_view), self.admin_site.admin_view(self.switch_view)
        return [
            path("", seen, name="actions_kindswitch_changelist"),
            path("<str:name>/switch/", switch, name="actions_kindswitch_switch"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """All kinds, the broken ones first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        switches = see()
        found = sorted(kinds().values(), key=lambda kind: (not kind.error, not kind.origin, kind.name))
        rows = [
            {
                "kind": kind,
                "switch": switches.get(kind.name) if kind.origin else None,
                "actions": Action.objects.filter(kind=kind.name).order_by("order", "name"),
                "history": history_of(kind) if kind.origin else [],
            }
            for kind in found
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Kinds",
            "rows": rows,
            "checks": _checks(),
            "folder": settings.KINDS_FOLDER,
            "trouble": folder_trouble(),
            "may_switch": self.has_change_permission(request),
            "opts": self.opts,
        }
        return render(request, "admin/actions/kinds.html", context)

    def switch_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Switch one on or off."""
        return require_POST(self._switch)(request, name)

    def _switch(self, request: HttpRequest, name: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        kind = kinds().get(name)
        if kind is None or not kind.origin or kind.error:
            raise Http404
        on = request.POST.get("on") == "yes"
        turn(kind, on, actor_of(request))
        messages.success(request, f"“{kind.title}” is switched {'on' if on else 'off'}.")
        return HttpResponseRedirect(f"{reverse('admin:actions_kindswitch_changelist')}#{name}")


def _checks() -> list[tuple[Check, str]]:
    """Quality checks from outside, each with its file. They run with actions of the kind `check`, and have no switch."""
    files = ((one, _file_of(one)) for one in checks().values() if _is_from_outside(one))
    return sorted(files, key=lambda pair: (pair[1], pair[0].title))


def _is_from_outside(one: Check) -> bool:
    return not one.examine.__module__.startswith("actions.")


def _file_of(one: Check) -> str:
    code = getattr(one.examine, "__code__", None)
    return code.co_filename if code else one.examine.__module__
