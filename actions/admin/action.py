"""Actions in the admin: list, form, history, copy, import and export, publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.decorators import action as button
from unfold.decorators import display

from actions.admin.actor import actor_of
from actions.admin.asked import rows_of
from actions.admin.copying import copy_of
from actions.admin.drift import drift_page, tell_of_drift
from actions.admin.form import CONSENT, FEEDBACK, GUARDS, HOW, WHAT, WHO, first_kind, form_for, off_by_settings
from actions.admin.more import with_more
from actions.admin.publishing import publish_view
from actions.admin.refusing import refusing
from actions.admin.trial.views import trial_choice, trial_page, trial_shown
from actions.history import delete_action, history_of, save_action
from actions.kinds.forms import PREFIX
from actions.kinds.more import More, more_of
from actions.kinds.switches import switched_on
from actions.models import Action
from actions.registry import Kind, kinds
from actions.rules import worth_knowing
from actions.transfer import ActionResource, KitsuResource
from audit.states import Trust

ASKED = "A value here is what the form begins with; without the box it is what counts, and nobody is asked."
BESIDE = "Beside other runs of it"


@admin.register(Action)
class ActionAdmin(ModelAdmin, ImportExportModelAdmin):
    """What studio managers keep: every action, its form, and its buttons in Kitsu."""

    list_display = ("name", "kind_title", "url", "enabled", "background", "proof", "in_kitsu", "order")
    list_editable = ("enabled", "order")
    list_filter = ("enabled", "kind", "background", "trust")
    search_fields = ("name", "slug", "description")
    prepopulated_fields: ClassVar[dict[str, tuple[str]]] = {"slug": ("name",)}
    actions = ("copy_selected",)
    actions_list = ("publish",)
    actions_detail = ("copy_one",)
    resource_classes = (ActionResource, KitsuResource)
    import_form_class = ImportForm
    export_form_class = ExportForm
    list_per_page = 100
    delete_confirmation_template = "admin/actions/action/delete.html"

    change_form_outer_after_template = "admin/actions/action/trial/below.html"

    class Media:
        css = {"all": ("registry.css",)}
        js = ("registry.js",)

    def get_form(self, request: HttpRequest, obj: Action | None = None, **kwargs: Any) -> type[ModelForm]:  # type: ignore[type-arg]
        """The form of the kind that is chosen: in what was sent, in the address, in the action, or the first."""
        kind = _kind(request, obj)
        kwargs["form"] = form_for(kind, obj.options if obj else {}, obj, _more(request, kind, obj))
        kwargs["fields"] = None
        return super().get_form(request, obj, **kwargs)  # type: ignore[no-any-return]

    def get_fieldsets(self, request: HttpRequest, obj: Action | None = None) -> list[tuple[str, dict[str, Any]]]:
        """What it does, its options, who may run it, how it runs."""
        kind = _kind(request, obj)
        options = tuple(PREFIX + spec.name for spec in kind.options if not spec.about.hidden) if kind else ()
        about = _about(kind)
        parts: list[tuple[str, dict[str, Any]]] = [("What it does", {"fields": WHAT, "description": about})]
        if options:
            parts.append(("Options", {"fields": options}))
        if more := _more(request, kind, obj):
            parts = with_more(parts, more)
        if kind and kind.parameters:
            parts.append(("What the person is asked", {"fields": rows_of(kind.parameters), "description": ASKED}))
        rest = (
            ("Who may run it", WHO),
            ("How it runs", HOW),
            ("Consent of others", CONSENT),
            (BESIDE, GUARDS),
            ("When it has ended", FEEDBACK),
        )
        return [*parts, *((title, {"fields": fields}) for title, fields in rest)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new action begins with the kind of the address."""
        kind = _kind(request, None)
        return {**super().get_changeform_initial_data(request), "kind": kind.name if kind else ""}

    def get_urls(self) -> list[URLPattern]:
        """With the page to publish from."""
        own = [
            *(
                path(f"trial/{end}", self.admin_site.admin_view(self.for_changers(view)), name=f"actions_action_{name}")
                for end, name, view in TRIAL
            ),
            path("drift/", self.admin_site.admin_view(self.for_changers(drift_page)), name="actions_action_drift"),
            path("buttons/", self.admin_site.admin_view(self.publish_view), name="actions_action_buttons"),
            path("<uuid:pk>/copy/", self.admin_site.admin_view(self.copy_view), name="actions_action_copy"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; see `refusing`."""
        tell_of_drift(request)
        with refusing():
            return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The export of what the list shows; see `refusing`."""
        with refusing():
            return super().export_action(request)  # type: ignore[no-any-return]

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The import after its preview; see `refusing`."""
        with refusing():
            return super().process_import(request, **kwargs)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Action, form: Any, change: bool) -> None:
        """Through the history, as every change."""
        save_action(obj, actor_of(request))
        for text in worth_knowing(obj):
            messages.warning(request, text)

    def delete_model(self, request: HttpRequest, obj: Action) -> None:
        """Through the history; invocations and events stay."""
        delete_action(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> None:
        """One by one, so that each has its event."""
        for one in queryset:
            delete_action(one, actor_of(request))

    def log_addition(self, *args: Any, **kwargs: Any) -> None:
        """Django's own log is not kept: the events are the record."""

    def log_change(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    def log_deletions(self, *args: Any, **kwargs: Any) -> None:
        """See `log_addition`."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Who changed what and when, the old value beside the new."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {found.name}",
            "action": found,
            "events": history_of(found),
            "opts": self.opts,
        }
        return render(request, "admin/actions/action/history.html", context)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Who imports, for the history; and where the bridge stands, for the URLs."""
        request = kwargs["request"]
        base = request.build_absolute_uri(reverse("front"))
        return {**super().get_import_data_kwargs(**kwargs), "actor": actor_of(request), "base": base}

    def generate_log_entries(self, result: Any, request: HttpRequest) -> None:
        """Events are written as the rows are saved."""

    @admin.action(description="Copy", permissions=["add"])
    def copy_selected(self, request: HttpRequest, queryset: QuerySet[Action]) -> None:
        """A copy of each, switched off."""
        for one in queryset:
            copied = copy_of(one)
            save_action(copied, actor_of(request))
            self.message_user(request, f"“{copied.name}” was made; it is switched off.")

    @button(description="Publish to Kitsu")
    def publish(self, request: HttpRequest) -> HttpResponse:
        """To the page that shows the difference first."""
        return HttpResponseRedirect(reverse("admin:actions_action_buttons"))

    @button(description="Copy", url_path="copy-one")
    def copy_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the confirmation of a copy."""
        return HttpResponseRedirect(reverse("admin:actions_action_copy", args=[object_id]))

    def for_changers(self, view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        """A page for who may change actions: staff alone is not enough."""

        def guarded(request: HttpRequest) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            return view(request)

        return guarded

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        """The page to publish from, for who may change actions: staff alone is not enough."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return publish_view(request)

    def copy_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Ask, then make a copy that is switched off."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = get_object_or_404(Action, pk=pk)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": f"Copy {found.name}",
                "action": found,
                "opts": self.opts,
            }
            return render(request, "admin/actions/action/copy.html", context)
        copied = copy_of(found)
        save_action(copied, actor_of(request))
        messages.success(request, f"“{copied.name}” was made; it is switched off.")
        return HttpResponseRedirect(reverse("admin:actions_action_change", args=[copied.pk]))

    @display(description="Kind", ordering="kind")
    def kind_title(self, found: Action) -> str:
        """The kind's title; one that is broken, missing or switched off says so."""
        kind = kinds().get(found.kind)
        if kind is None:
            return f"{found.kind}: not installed"
        return f"{kind.title}{': broken' if kind.error else '' if switched_on(kind) else ': switched off'}"

    @display(description="URL")
    def url(self, found: Action) -> SafeString:
        """The path of the door."""
        address = f"{settings.BRIDGE_URL}/run/{found.slug}/" if settings.BRIDGE_URL else found.get_absolute_url()
        return format_html('<code>{}</code> <button type="button" data-copy="{}">Copy</button>', address, address)

    @display(description="Trust", ordering="trust")
    def proof(self, found: Action) -> str:
        """What it asks of a call, in one word; the form says more."""
        return str(Trust(found.trust).label)

    @display(description="In Kitsu", boolean=True)
    def in_kitsu(self, found: Action) -> bool:
        """Whether it has a button."""
        return bool(found.kitsu_id)


TRIAL = (
    ("", "trial", trial_page),
    ("choice/", "trial_choice", trial_choice),
    ("shown/", "trial_shown", trial_shown),
)
"""The pages of the live preview: path, name, view."""


def _about(kind: Kind | None) -> SafeString:
    """What a kind does, above the form; of one that is off, that no call of it runs, and where its switch is."""
    if kind is None:
        return SafeString()
    if switched_on(kind):
        why = off_by_settings(kind)
        return (
            format_html("<strong>{}</strong> {}", why, kind.description) if why else format_html("{}", kind.description)
        )
    where = f"{reverse('admin:actions_kindswitch_changelist')}#{kind.name}"
    text = '<strong>This kind is switched off: calls are refused until it is <a href="{}">switched on</a>.</strong> {}'
    return format_html(text, where, kind.description)


def _more(request: HttpRequest, kind: Kind | None, obj: Action | None) -> More | None:
    """What the kind finds out from the form as it was sent, else from the action; once for a request."""
    if not hasattr(request, "found_out"):
        sent = {spec.name: request.POST.get(PREFIX + spec.name) for spec in kind.options} if kind else {}
        said = {name: value for name, value in sent.items() if value is not None}
        kept = obj.options if obj and kind and obj.kind == kind.name else {}
        request.found_out = more_of(kind, {**kept, **said})  # type: ignore[attr-defined]
    found: More | None = request.found_out  # type: ignore[attr-defined]
    return found


def _kind(request: HttpRequest, obj: Action | None) -> Kind | None:
    name = request.POST.get("kind") or request.GET.get("kind") or (obj.kind if obj else "") or first_kind()
    return kinds().get(name)
