"""The pages to sign in and out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kitsu_bridge.address import address_of
from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable, SecondFactorNeeded
from kitsu_bridge.kitsu.proof import forget, prove
from kitsu_bridge.kitsu.signin.forms import SignInForm
from kitsu_bridge.kitsu.signin.identity import forget_session, identity_of, remember_in_session, session_token
from kitsu_bridge.kitsu.signin.signals import person_signed_in, sign_in_refused
from kitsu_bridge.kitsu.signin.users import local_superuser
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.rates import seconds_to_wait

PER_ADDRESS = "30/minute"
PER_EMAIL = "10/minute"

View = Callable[..., HttpResponseBase]


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a Kitsu account, and go on to where one came from."""
    if request.method == "POST":
        return _try(request)
    identity = identity_of(request)
    if identity.person is not None and "again" not in request.GET:
        return redirect(next_url(request))
    return _page(request, SignInForm())


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the bridge's own sign-in and revoke its token. Kitsu's own session is never touched."""
    if request.method == "GET":
        return render(request, "sign_out.html")
    token = session_token(request)
    forget_session(request)
    if token:
        forget(token)
        with suppress(KitsuError):  # It is forgotten here either way, and ends at Kitsu by its age.
            studio().log_out(token)
    request.session.flush()
    return redirect("front")


def person_required(view: View) -> View:
    """Only for who is signed in, at Kitsu or here; others sign in first and come back."""
    return _required(view, lambda request: identity_of(request).person is not None)


def reader_required(view: View) -> View:
    """The same, and for a local superuser as well, who reads the record when Kitsu is away."""
    return _required(view, lambda request: identity_of(request).person is not None or local_superuser(request))


def _required(view: View, known: Callable[[HttpRequest], bool]) -> View:
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if known(request):
            return view(request, *args, **kwargs)
        trouble = identity_of(request).trouble
        if trouble is not None:
            return kitsu_away(request, trouble)
        return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")

    return asked


def kitsu_away(request: HttpRequest, trouble: KitsuError) -> HttpResponse:
    """The page for when Kitsu does not say who somebody is: which trouble it is, and a way to try again."""
    response = render(request, "errors/kitsu_away.html", {"trouble": trouble}, status=503)
    response.headers["Retry-After"] = "10"
    return response


def next_url(request: HttpRequest) -> str:
    """Where to go after signing in: a page of the bridge, and never one of somebody else's."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("front")


@sensitive_variables("password", "code")
def _try(request: HttpRequest) -> HttpResponse:
    form = SignInForm(_given(request))
    if not form.is_valid():
        return _page(request, form, status=400)
    email = form.cleaned_data["email"]
    wait = seconds_until_next_try(request, email)
    if wait:
        form.add_error(None, f"Too many attempts. Wait {wait} seconds and try again.")
        return _page(request, form, status=429, retry_after=wait)
    try:
        token = studio().log_in(email, form.cleaned_data["password"], form.cleaned_data["code"])
        person = prove(token)
    except KitsuError as error:
        return _not_signed_in(request, form, error)
    remember_in_session(request, token)
    person_signed_in.send(None, person=person, address=address_of(request))
    return redirect(next_url(request))


def _given(request: HttpRequest) -> dict[str, Any]:
    """What was typed; in the sample studio, whom one chose: its people have no passwords."""
    chosen = request.POST.get("person", "")
    if chosen and studio().is_sample:
        return {"email": chosen, "password": "sample studio"}
    return request.POST.dict()


def _not_signed_in(request: HttpRequest, form: SignInForm, error: KitsuError) -> HttpResponse:
    where = "code" if isinstance(error, SecondFactorNeeded) else None
    away = isinstance(error, KitsuUnavailable)
    asked_for_code = isinstance(error, SecondFactorNeeded) and not form.cleaned_data["code"]
    form.add_error(where, str(error))
    if not away and not asked_for_code:
        email = form.cleaned_data.get("email", "")
        sign_in_refused.send(None, email=email, address=address_of(request), reason=type(error).__name__)
    return _page(request, form, status=503 if away else 403, retry_after=10 if away else 0)


def seconds_until_next_try(request: HttpRequest, email: str) -> int:
    """Seconds until this address, or this account from anywhere, may try again."""
    counted = ((PER_ADDRESS, f"sign-in:{address_of(request)}"), (PER_EMAIL, f"sign-in:{email.casefold()}"))
    return seconds_to_wait(counted, now=time.time())


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200, retry_after: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "next": next_url(request),
        "people": studio().people() if studio().is_sample else [],  # type: ignore[attr-defined]
    }
    response = render(request, "sign_in.html", context, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response
