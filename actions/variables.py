"""A page with every variable and filter, for whoever writes a text that has some."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.filling import names
from actions.filling.filters import FILTERS


@require_GET
def variables(request: HttpRequest) -> HttpResponse:
    """The same for everybody: what there is, not what it stands for."""
    found = names()
    parts = {
        "Of a task": [one for one in found if one.of_task],
        "Of a call": [one for one in found if not one.of_task],
    }
    return render(request, "variables.html", {"parts": parts, "filters": FILTERS})
