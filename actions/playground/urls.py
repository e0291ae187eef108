"""The playground's pages."""

from __future__ import annotations

from django.urls import path

from actions.playground.views import playground

urlpatterns = [path("playground/", playground, name="playground")]
