"""What can be asked: the front page, Kitsu's door, the playground, and what the page of an invocation can do."""

from __future__ import annotations

from django.urls import include, path

from actions.doors import again, approvals, asking, farms, kitsu, pages, series, tickets
from actions.front import front, status
from actions.record import record_definition, record_definition_table
from actions.variables import variables

urlpatterns = [
    path("", front, name="front"),
    path("log/again/", series.rerun_range, name="rerun_range"),
    path("log/again/<uuid:pk>/", series.series_page, name="series"),
    path("log/again/<uuid:pk>/stop/", series.stop_series, name="stop_series"),
    path("log/again/<uuid:pk>/go-on/", series.go_on_with_series, name="go_on_with_series"),
    path("status/", status, name="status"),
    path("variables/", variables, name="variables"),
    path("run/<str:slug>/", kitsu.run, name="run"),
    # Kitsu posts to the URL as somebody typed it; a redirect to the slash would lose the POST.
    path("run/<str:slug>", kitsu.run),
    path("api/v1/", include("actions.rest.urls")),
    path("api/", include("actions.jet.urls")),
    path("", include("actions.playground.urls")),
    path("", include("actions.statistics.urls")),
    path("invocations/<uuid:pk>/continue/", pages.continue_invocation, name="continue_invocation"),
    path("invocations/<uuid:pk>/cancel/", pages.cancel_invocation, name="cancel_invocation"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:pk>/", approvals.approval, name="approval"),
    path("approvals/<uuid:pk>/start/", approvals.start_handed, name="start_handed"),
    path("invocations/<uuid:pk>/hand/", approvals.hand, name="hand"),
    path("invocations/<uuid:pk>/farm/", farms.ask_farm_for_all, name="ask_farm_for_all"),
    path("invocations/<uuid:pk>/farm/<int:job_pk>/", farms.ask_farm, name="ask_farm"),
    path("invocations/<uuid:pk>/tickets/", tickets.tickets_of_invocation, name="tickets"),
    path("tickets/take/", tickets.take_ticket, name="take_ticket"),
    path("tickets/report/", tickets.report_on_ticket, name="report_on_ticket"),
    path("tickets/<uuid:pk>/link/", tickets.give_link, name="ticket_link"),
    path("invocations/<uuid:pk>/back/", pages.back_to_parameters, name="back_to_parameters"),
    path("invocations/<uuid:pk>/rerun/", again.rerun_invocation, name="rerun_invocation"),
    path("invocations/<uuid:pk>/again/", again.rerun_choice, name="rerun_choice"),
    path("invocations/<uuid:pk>/record/definition/", record_definition, name="record_definition"),
    path(
        "invocations/<uuid:pk>/record/definition.<slug:form>", record_definition_table, name="record_definition_table"
    ),
    path("invocations/<uuid:pk>/parameters/", asking.parameters, name="invocation_parameters"),
    path("invocations/<uuid:pk>/presets/<int:preset_pk>/remove/", asking.remove, name="remove_preset"),
]
