"""The addresses of REST."""

from __future__ import annotations

from django.urls import path, re_path

from actions.rest import acts, invocations, registry, registry_file, statistics
from actions.rest.actions import Actions, OneAction, Previews, Runs
from actions.rest.reference import Schema, reference
from actions.rest.resource import Nothing

app_name = "rest"

urlpatterns = [
    path("", reference, name="reference"),
    path("schema/", Schema.as_view(), name="schema"),
    path("actions/", Actions.as_view(), name="actions"),
    path("actions/<slug:slug>/", OneAction.as_view(), name="action"),
    path("actions/<slug:slug>/run/", Runs.as_view(), name="run"),
    path("actions/<slug:slug>/preview/", Previews.as_view(), name="preview"),
    path("invocations/", invocations.Invocations.as_view(), name="invocations"),
    path("invocations/<uuid:pk>/", invocations.OneInvocation.as_view(), name="invocation"),
    path("invocations/<uuid:pk>/events/", invocations.Events.as_view(), name="events"),
    path("invocations/<uuid:pk>/lines/", invocations.LogLines.as_view(), name="lines"),
    path("invocations/<uuid:pk>/tasks/", invocations.TaskResults.as_view(), name="tasks"),
    path("invocations/<uuid:pk>/confirm/", acts.Confirm.as_view(), name="confirm"),
    path("invocations/<uuid:pk>/cancel/", acts.Cancel.as_view(), name="cancel"),
    path("invocations/<uuid:pk>/rerun/", acts.Rerun.as_view(), name="rerun"),
    path("invocations/<uuid:pk>/share/", acts.Share.as_view(), name="share"),
    path("invocations/<uuid:pk>/approve/", acts.Approve.as_view(), name="approve"),
    path("invocations/<uuid:pk>/refuse/", acts.Refuse.as_view(), name="refuse"),
    path("statistics/", statistics.Productions.as_view(), name="productions"),
    path("statistics/<slug:project_id>/", statistics.Figures.as_view(), name="figures"),
    path("statistics/<slug:project_id>/<slug:figure>/", statistics.OneFigure.as_view(), name="figure"),
    path("registry/actions/", registry.RegisteredActions.as_view(), name="registry"),
    path("registry/actions/<slug:slug>/", registry.RegisteredAction.as_view(), name="registered"),
    path("registry/file/", registry_file.RegistryFile.as_view(), name="registry_file"),
    path("registry/file/plan/", registry_file.PlanFile.as_view(), name="plan_file"),
    path("registry/file/apply/", registry_file.ApplyFile.as_view(), name="apply_file"),
    re_path(r"^.*$", Nothing.as_view()),
]
