"""Jet Admin's URLs: its base is `/api/`."""

from __future__ import annotations

from django.urls import path

from actions.jet.views import messages, probe

urlpatterns = [
    path("", probe, name="jet_probe"),
    path("messages/", messages, name="jet_messages"),
    # A redirect to the slash would lose the POST.
    path("messages", messages),
]
