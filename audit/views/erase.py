"""The admin's page to erase one person's data: look, read what there is, type it once more."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from audit.retention.erasing import StillOpen, counts, erase, whose
from audit.retention.whose import Whose
from kitsu_bridge.kitsu.signin.acting import acting


def erase_page(request: HttpRequest) -> HttpResponse:
    """What was typed travels in the body alone: addresses of pages end up in logs."""
    if not request.user.is_superuser:
        raise PermissionDenied
    said = request.POST.get("person", "").replace("\x00", "").strip()[:200]
    one = whose(said) if said else Whose("")
    if said and not one.known:
        messages.error(request, "The record knows nobody by this id or e-mail.")
    elif "again" in request.POST:
        if request.POST["again"].strip() != said:
            messages.error(request, "That is not the same. Nothing was erased.")
        elif _erased(request, one):
            return HttpResponseRedirect(reverse("admin:audit_erase"))
    context = {
        **admin.site.each_context(request),
        "title": "Erase a person",
        "said": said,
        "one": one if one.known else None,
        "found": counts(one) if one.known else None,
    }
    return render(request, "admin/audit/erase.html", context)


def _erased(request: HttpRequest, one: Whose) -> bool:
    try:
        told = erase(one, acting())
    except StillOpen as error:
        messages.error(request, str(error))
        return False
    messages.success(request, f"Erased. Event {told.pk} tells of it, without the name.")
    return True
