"""Metrics, where Prometheus looks for them."""

from __future__ import annotations

from django.urls import path

from kitsu_bridge.metrics.views import metrics

urlpatterns = [path("metrics", metrics, name="metrics"), path("metrics/", metrics)]
