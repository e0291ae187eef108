"""Rules in the admin, and what became of each event that fitted one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from actions.admin.actor import actor_of
from actions.admin.rule_form import THEN, WHAT, WHEN, RuleForm
from actions.listening.rules import delete_rule, history_of, save_rule
from actions.models import Action, Occasion, Position, Rule

LATEST = 20
COLOURS = {
    Occasion.Outcome.STARTED.label: "success",
    Occasion.Outcome.DRY_RUN.label: "info",
    Occasion.Outcome.REFUSED.label: "danger",
    Occasion.Outcome.BROKEN.label: "danger",
    Occasion.Outcome.LIMITED.label: "warning",
    Occasion.Outcome.NOBODY.label: "warning",
}


@admin.register(Rule)
class RuleAdmin(ModelAdmin):
    """Every rule: what must happen, what it starts, and what it did."""

    form = RuleForm
    list_display = ("name", "event", "starts", "enabled", "dry_run", "did")
    list_filter = ("enabled", "dry_run", "event")
    search_fields = ("name", "action_slug")
    readonly_fields = ("lately", "history")
    fieldsets = (
        ("What it is", {"fields": WHAT}),
        ("When this happens in Kitsu", {"fields": WHEN}),
        (
            "Start this",
            {"fields": THEN, "description": "On the event's task. Saving it says yes to what the action asks."},
        ),
        ("What became of it", {"fields": ("lately", "history")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With a word where nothing is heard of Kitsu, or something was lost."""
        place = Position.objects.first()
        for text in (place.trouble, place.gap) if place and request.method == "GET" else ():
            if text:
                messages.warning(request, text)
        return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        """Written with its event."""
        save_rule(obj, actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        """Written with its event; what it has started stays."""
        delete_rule(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        """One by one, so that each has its event."""
        for one in queryset:
            delete_rule(one, actor_of(request))

    def log_addition(self, *args: Any, **kwargs: Any) -> None:
        """Django's own log is not kept: the events are the record."""

    def log_change(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    def log_deletions(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    @display(description="Starts")
    def starts(self, rule: Rule) -> str:
        """The action; one that is gone or off says so."""
        action = Action.objects.filter(slug=rule.action_slug).first()
        if action is None:
            return f"{rule.action_slug}: not there any more"
        return action.name if action.enabled else f"{action.name}: switched off"

    @display(description="Did")
    def did(self, rule: Rule) -> SafeString:
        """How many events fitted it, with the way to them."""
        return format_html('<a href="{}">{} events</a>', _occasions_of(rule), rule.occasions.count())

    @display(description="Lately")
    def lately(self, rule: Rule) -> SafeString | str:
        """Its newest occasions."""
        found = rule.occasions.all()[:LATEST] if rule.pk else []
        rows = ((f"{one.happened_at:%Y-%m-%d %H:%M:%S}", one.get_outcome_display(), one.reason) for one in found)
        return _list(rows) or "Nothing has fitted it yet."

    @display(description="Changes")
    def history(self, rule: Rule) -> SafeString | str:
        """Who changed it."""
        found = history_of(rule)[:LATEST] if rule.pk else []
        rows = ((f"{one.at:%Y-%m-%d %H:%M:%S}", one.get_what_display(), one.actor_name) for one in found)
        return _list(rows) or "Shown once it is saved."


@admin.register(Occasion)
class OccasionAdmin(ModelAdmin):
    """To read only: each event that fitted a rule, and what came of it."""

    list_display = ("happened_at", "rule_name", "event", "came", "reason", "page")
    list_filter = ("outcome", "event", "rule")
    search_fields = ("rule_name", "task_id", "person_id")
    list_select_related = ("invocation",)
    list_display_links = None
    list_per_page = 100
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No: the listener writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No: they are what keeps an event from starting something twice."""
        return False

    @display(description="Came of it", ordering="outcome", label=COLOURS)
    def came(self, one: Occasion) -> str:
        """In a word."""
        return one.get_outcome_display()

    @display(description="Invocation")
    def page(self, one: Occasion) -> SafeString | str:
        """Its page."""
        if one.invocation is None:
            return "none"
        return format_html('<a href="{}">{}</a>', one.invocation.get_absolute_url(), one.invocation.reference)


def _occasions_of(rule: Rule) -> str:
    return f"{reverse('admin:actions_occasion_changelist')}?rule__id__exact={rule.pk}"


def _list(rows: Any) -> SafeString | str:
    lines = format_html_join("", "<li>{} {} {}</li>", rows)
    return format_html('<ul class="wrap-anywhere">{}</ul>', lines) if lines else ""
