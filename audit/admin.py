"""The record in the admin: to read, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from audit.models import Event, Invocation


class ReadOnly(ModelAdmin):
    """Nobody adds, changes or deletes what happened."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


@admin.register(Invocation)
class InvocationAdmin(ReadOnly):
    """Invocations, newest first."""

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
    list_filter = ("state", "door", "trust", "action_slug")
    search_fields = ("action_name", "person_name", "person_email", "message", "reason")
    show_full_result_count = False
    list_per_page = 50

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
