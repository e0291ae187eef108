"""The pages of the statistics."""

from __future__ import annotations

from django.urls import path

from actions.statistics.behind import statistics_csv, statistics_tasks, statistics_tasks_csv
from actions.statistics.kept import kept_tasks, kept_tasks_csv
from actions.statistics.views import refresh_statistics, statistics, statistics_reading

urlpatterns = [
    path("statistics/", statistics, name="statistics"),
    path("statistics/reading/", statistics_reading, name="statistics_reading"),
    path("statistics/refresh/", refresh_statistics, name="refresh_statistics"),
    path("statistics/figure.csv", statistics_csv, name="statistics_csv"),
    path("statistics/tasks/", statistics_tasks, name="statistics_tasks"),
    path("statistics/tasks.csv", statistics_tasks_csv, name="statistics_tasks_csv"),
    path("statistics/kept/<uuid:pk>/tasks/", kept_tasks, name="statistics_kept_tasks"),
    path("statistics/kept/<uuid:pk>/tasks.csv", kept_tasks_csv, name="statistics_kept_tasks_csv"),
]
