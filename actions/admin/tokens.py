"""Bridge tokens in the admin: made, changed, given a new secret, revoked. A secret is shown once, on the page that answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from actions.admin.actor import actor_of
from actions.admin.token_form import OVERLAPS, TokenForm, chosen, form_of
from actions.models import Token
from actions.tokens import Made, change, make, revoke, rotate, secrets_of
from audit.models import Event


@admin.register(Token)
class TokenAdmin(ModelAdmin):
    """Every token: which program has it, as whom it acts, what it is for, and when it was used."""

    list_display = ("name", "acts_as", "standing", "actions_shown", "productions_shown", "good_until", "used_last")
    list_filter = ("expires_at", "revoked_at")
    search_fields = ("name", "person_name")
    list_per_page = 100

    def get_urls(self) -> list[URLPattern]:
        """The list, the forms, and what their buttons do."""
        wrap, info = self.admin_site.admin_view, "actions_token"
        return [
            path("", wrap(self.changelist_view), name=f"{info}_changelist"),
            path("add/", wrap(self.add_view), name=f"{info}_add"),
            path("<uuid:object_id>/change/", wrap(self.change_view), name=f"{info}_change"),
            path("<uuid:pk>/rotate/", wrap(require_POST(self.rotate_view)), name=f"{info}_rotate"),
            path("<uuid:pk>/revoke/", wrap(require_POST(self.revoke_view)), name=f"{info}_revoke"),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No: what was revoked stays, so that the log can say whose it was."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask what for, then make it and show its secret."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = form_of(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._form(request, form, None)
        token = Token(pk=form.cleaned_data["id"], **chosen(form))
        if Token.objects.filter(pk=token.pk).exists():  # The page with the secret was loaded once more.
            messages.warning(
                request, "This token was made already, and its secret was shown. Give it a new one if it is lost."
            )
            return HttpResponseRedirect(_page(token))
        return self._secret(request, make(token, actor_of(request)))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Change what it is for; the account stays."""
        token = self._token(request, object_id)
        form = form_of(request.POST if request.method == "POST" else None, token)
        if request.method != "POST" or not form.is_valid():
            return self._form(request, form, token)
        if token.revoked_at is not None:
            raise PermissionDenied
        for name, value in chosen(form).items():
            setattr(token, name, value)
        if change(token, actor_of(request)):
            messages.success(request, f"“{token.name}” was changed.")
        return HttpResponseRedirect(_page(token))

    def rotate_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """A new secret, with the old one good for a while."""
        token = self._token(request, pk)
        hours = request.POST.get("hours", "")
        if hours not in dict(OVERLAPS) or not token.good_at(timezone.now()):
            raise PermissionDenied
        if request.POST.get("newest", "") != _newest(token):  # The page with the secret was loaded once more.
            messages.warning(request, "It got a new secret already, and that was shown.")
            return HttpResponseRedirect(_page(token))
        return self._secret(request, rotate(token, actor_of(request), timedelta(hours=int(hours))))

    def revoke_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Closed for good."""
        token = self._token(request, pk)
        if revoke(token, actor_of(request)):
            messages.success(request, f"“{token.name}” was revoked: it opens nothing any more.")
        return HttpResponseRedirect(_page(token))

    def _token(self, request: HttpRequest, pk: Any) -> Token:
        if not self.has_change_permission(request):
            raise PermissionDenied
        token = Token.objects.filter(pk=pk).first()
        if token is None:
            raise Http404
        return token

    def _form(self, request: HttpRequest, form: TokenForm, token: Token | None) -> HttpResponse:
        now = timezone.now()
        context = {
            **self._about(request, f"Change {token.name}" if token else "Make a token", form),
            "token": token,
            "good": token is None or token.good_at(now),
            "secrets": list(secrets_of(token, now)) if token else [],
            "newest": _newest(token) if token else "",
            "overlaps": OVERLAPS,
            "history": Event.objects.filter(subject=token.subject).order_by("-id") if token else [],
        }
        return render(request, "admin/actions/token/form.html", context)

    @sensitive_variables("made")
    def _secret(self, request: HttpRequest, made: Made) -> HttpResponse:
        """The one page that has it. It goes through no message and no session, and no browser keeps the page."""
        context = {**self._about(request, f"The secret of {made.token.name}"), "made": made, "back": _page(made.token)}
        return never_cache(lambda _: render(request, "admin/actions/token/secret.html", context))(request)

    def _about(self, request: HttpRequest, title: str, form: Form | None = None) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "form": form}

    @display(description="State", label={"good": "success", "expired": "warning", "revoked": "danger"})
    def standing(self, token: Token) -> str:
        """Whether it opens anything."""
        if token.revoked_at is not None:
            return "revoked"
        return "good" if token.good_at(timezone.now()) else "expired"

    @display(description="Acts as", ordering="person_name")
    def acts_as(self, token: Token) -> str:
        """Whose rights it has."""
        return token.person_name

    @display(description="Good until", ordering="expires_at")
    def good_until(self, token: Token) -> str:
        """Its last day, as its form has it."""
        return f"{timezone.localtime(token.expires_at - timedelta(seconds=1)):%Y-%m-%d}"

    @display(description="Used last", ordering="used_at")
    def used_last(self, token: Token) -> str:
        """When, and from where."""
        return (
            f"{timezone.localtime(token.used_at):%Y-%m-%d %H:%M} from {token.used_from}" if token.used_at else "never"
        )

    @display(description="Actions")
    def actions_shown(self, token: Token) -> str:
        """Slugs."""
        return ", ".join(token.action_slugs) or "all"

    @display(description="Productions")
    def productions_shown(self, token: Token) -> str:
        """How many."""
        return str(len(token.production_ids) or "all")


def _page(token: Token) -> str:
    return reverse("admin:actions_token_change", args=[token.pk])


def _newest(token: Token) -> str:
    """The ending of the newest secret: says in a form which one it is about to follow."""
    newest = token.secrets.first()
    return newest.ending if newest else ""
