"""The site on one screen."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("kitsu_bridge.kitsu.signin.urls")),  # sign-in/ sign-out/
    path("", include("kitsu_bridge.health.urls")),  # health/live health/ready
    path("", include("kitsu_bridge.metrics.urls")),  # metrics
    path("", include("audit.urls")),  # log/ invocations/<id>/
    path("", include("actions.urls")),  # front page, run/<slug>/, playground/, and what a page of an invocation can do
]

handler400 = "kitsu_bridge.errors.bad_request"
handler403 = "kitsu_bridge.errors.forbidden"
handler404 = "kitsu_bridge.errors.not_found"
handler500 = "kitsu_bridge.errors.crashed"
