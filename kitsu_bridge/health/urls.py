"""Health, for whoever watches the bridge. Without a slash at the end too: monitors follow no redirects."""

from __future__ import annotations

from django.urls import path

from kitsu_bridge.health.views import live, ready

urlpatterns = [
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("health/live/", live),
    path("health/ready/", ready),
]
