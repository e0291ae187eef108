"""What was asked, and what came of it."""

from __future__ import annotations

from django.urls import path

from audit.record.parts import CONTEXTS
from audit.record.tables import TABLES
from audit.views.export import cancel_export, export_file, export_log, export_page
from audit.views.files import invocation_file
from audit.views.log import log, log_newer
from audit.views.log_kept import (
    begin_with_log_view,
    delete_log_view,
    log_columns,
    log_view,
    log_views,
    restore_log_view,
)
from audit.views.mine import mine_badge, mine_page
from audit.views.overview import overview, overview_csv
from audit.views.page import invocation_page, invocation_state, share_invocation
from audit.views.record import record, record_part
from audit.views.record_table import record_table
from audit.views.tasks import invocation_task, invocation_tasks, tasks_csv, tasks_json
from audit.views.timeline import timeline

urlpatterns = [
    path("log/", log, name="log"),
    path("overview/", overview, name="overview"),
    path("overview/<slug:slug>.csv", overview_csv, name="overview_csv"),
    path("log/timeline/", timeline, name="timeline"),
    path("log/export/", export_log, name="log_export"),
    path("log/export/<uuid:pk>/", export_page, name="export"),
    path("log/export/<uuid:pk>/file/", export_file, name="export_file"),
    path("log/export/<uuid:pk>/cancel/", cancel_export, name="cancel_export"),
    path("log/newer/", log_newer, name="log_newer"),
    path("log/columns/", log_columns, name="log_columns"),
    path("log/views/", log_views, name="log_views"),
    path("log/views/<uuid:pk>/", log_view, name="log_view"),
    path("log/views/<uuid:pk>/delete/", delete_log_view, name="delete_log_view"),
    path("log/views/<uuid:pk>/restore/", restore_log_view, name="restore_log_view"),
    path("log/views/<uuid:pk>/begin/", begin_with_log_view, name="begin_with_log_view"),
    path("mine/", mine_page, name="mine"),
    path("mine/badge/", mine_badge, name="mine_badge"),
    path("invocations/<uuid:pk>/", invocation_page, name="invocation"),
    path("invocations/<uuid:pk>/state/", invocation_state, name="invocation_state"),
    path("invocations/<uuid:pk>/share/", share_invocation, name="share_invocation"),
    path("invocations/<uuid:pk>/files/<uuid:file_id>/", invocation_file, name="invocation_file"),
    path("invocations/<uuid:pk>/tasks/", invocation_tasks, name="invocation_tasks"),
    path("invocations/<uuid:pk>/tasks.json", tasks_json, name="invocation_tasks_json"),
    path("invocations/<uuid:pk>/tasks.csv", tasks_csv, name="invocation_tasks_csv"),
    path("invocations/<uuid:pk>/tasks/<str:task_id>/", invocation_task, name="invocation_task"),
    path("invocations/<uuid:pk>/record/", record, name="record"),
    *(
        path(f"invocations/<uuid:pk>/record/{part}/", record_part, {"part": part}, f"record_{part}")
        for part in CONTEXTS
    ),
    *(
        path(f"invocations/<uuid:pk>/record/{part}.<slug:form>", record_table, {"part": part}, f"record_{part}_table")
        for part in TABLES
    ),
]
