"""The record in the admin: to read, never to change."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from audit.log.filters import Filters
from audit.log.walk import listed
from audit.models import Event, Invocation, RetentionRule, Seal, Verification
from audit.models.retention import BESIDE
from audit.retention.changes import delete_rule, save_rule
from audit.retention.pruning import counted
from audit.views.erase import erase_page
from kitsu_bridge.kitsu.signin.acting import acting

MOST_LISTED = 2000
"""Rows that the admin lists; the log goes on to the end."""


class ReadOnly(ModelAdmin):
    """Nobody adds, changes or deletes what happened. Above each page stands whether it is as it was sealed."""

    list_before_template = "admin/seals/before.html"
    change_form_before_template = "admin/seals/before.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # has none when it runs
    """Counts no further than its last page: of ten million rows nobody turns all pages."""

    @cached_property
    def count(self) -> int:
        """The rows there are, or as many as are shown."""
        rows = cast("QuerySet[Invocation]", self.object_list)
        return len(rows.order_by().values_list("pk", flat=True)[:MOST_LISTED])


@admin.register(Invocation)
class InvocationAdmin(ReadOnly):
    """Invocations, newest first: found by the filters of the log, which has the rest."""

    list_display = (
        "received_at",
        "action_name",
        "person_name",
        "trust",
        "door",
        "task_count",
        "state",
        "message",
        "page",
    )
    list_filter = ("state", "door", "trust")
    search_fields = ("pk",)
    search_help_text = "Words from names and messages, or an id. The log has more filters."
    ordering = ("-received_at", "-id")
    sortable_by = ()
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_before_template = "admin/audit/to_the_log.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invocation]:
        """Without what makes a row long, in the list; all of it, of one."""
        rows: QuerySet[Invocation] = super().get_queryset(request)
        one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return rows if one else listed(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Invocation], search_term: str
    ) -> tuple[QuerySet[Invocation], bool]:
        """As the log searches."""
        return Filters.read({"q": search_term}).apply(queryset), False

    @admin.display(description="Page")
    def page(self, invocation: Invocation) -> SafeString:
        """To the invocation's own page."""
        return format_html('<a href="{}">Open</a>', invocation.get_absolute_url())


@admin.register(Event)
class EventAdmin(ReadOnly):
    """Events, newest first."""

    list_display = ("at", "what", "actor_name", "subject", "text", "invocation")
    list_filter = ("what",)
    search_fields = ("particulars__actor_name", "subject", "particulars__text")
    ordering = ("-id",)
    list_select_related = ("invocation", "particulars")
    show_full_result_count = False
    list_per_page = 50


@admin.register(Seal)
class SealAdmin(ReadOnly):
    """Seals, newest first."""

    list_display = ("number", "at", "count", "last", "root", "key")
    fields = ("number", "at", "events", "open", "count", "last", "root", "previous", "key", "signature")
    ordering = ("-number",)
    show_full_result_count = False
    list_per_page = 50


@admin.register(Verification)
class VerificationAdmin(ReadOnly):
    """Checks of the record, newest first."""

    list_display = ("at", "good", "whole", "first_seal", "last_seal", "events", "took", "trouble")
    list_filter = ("good", "whole")
    list_per_page = 50

    @admin.display(description="Took", ordering="seconds")
    def took(self, one: Verification) -> str:
        """In seconds, as a person says it."""
        return f"{one.seconds:.1f} s"


@admin.register(RetentionRule)
class RetentionAdmin(ModelAdmin):
    """How long what is kept. What no rule names is kept for good."""

    list_display = ("part", "state", "days")
    list_before_template = "admin/audit/retention.html"

    def get_urls(self) -> list[URLPattern]:
        """With the page to erase a person."""
        return [path("erase/", self.admin_site.admin_view(erase_page), name="audit_erase"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: RetentionRule, form: Any, change: bool) -> None:
        """With an event, as every change."""
        save_rule(obj, acting())

    def delete_model(self, request: HttpRequest, obj: RetentionRule) -> None:
        """See `save_model`."""
        delete_rule(obj, acting())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RetentionRule]) -> None:
        """One by one, so that each has its event."""
        for rule in queryset:
            delete_rule(rule, acting())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With what would go today."""
        would = [(RetentionRule.Part(part).label, part in BESIDE, count) for part, count in counted().items() if count]
        return super().changelist_view(request, {**(extra_context or {}), "would_go": would})  # type: ignore[no-any-return]
