"""The form of a run's parameters: shown, sent, kept as a preset, shared as a link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from actions.doors import answers
from actions.doors.owner import answering, leave_or_end, mine_or_404, see, to_sign_in
from actions.line.calls import go_on, selection_of
from actions.line.problems import Refusal
from actions.line.stages import must_confirm
from actions.line.who import Who, agree
from actions.models import Preset
from actions.parameters import presets
from actions.parameters.answered import kept_answers
from actions.parameters.asked import asked_of
from actions.parameters.beginnings import beginnings
from actions.parameters.form import PREFIX, ParametersForm, form_class, in_words, sent_choices
from actions.parameters.links import link_with
from actions.parameters.unsent import forget_unsent, keep_unsent, unsent
from audit.files import FileTooLarge
from audit.models import Invocation
from audit.states import State, Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.views import kitsu_away
from kitsu_bridge.kitsu.signin.zone import zone_of
from kitsu_bridge.kitsu.storable import storable
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.visibility import seen_by

PROJECTS_KEPT = 600
"""Seconds for which it is remembered in which productions the tasks of a waiting call are."""


KEPT = "What you typed is kept for a quarter of an hour, but for secrets and files."


@never_cache
@require_http_methods(["GET", "POST"])
def parameters(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the form; or take what was sent, and go on with the call."""
    invocation = mine_or_404(request, pk)
    if invocation.waiting_for != WaitingFor.PARAMETERS:
        return see(invocation)
    who = answering(request, invocation)
    if who is None:
        if request.method == "POST" and keep_unsent(invocation, request.POST):
            messages.info(request, KEPT)
        return to_sign_in(request, invocation)
    try:
        agree(selection_of(invocation), who.person)
        form = _form(request, invocation, who)
        return (
            _sent(request, invocation, who, form)
            if request.method == "POST"
            else _shown(request, invocation, who, form)
        )
    except KitsuError as error:
        return kitsu_away(request, error)
    except Refusal as refusal:
        leave_or_end(invocation, refusal, identity_of(request).person)
        return answers.refused(request, invocation, refusal.problem)


@require_POST
def remove(request: HttpRequest, pk: UUID, preset_pk: int) -> HttpResponse:
    """Remove a preset, and back to the form."""
    invocation = mine_or_404(request, pk)
    person = identity_of(request).person
    preset = get_object_or_404(Preset, pk=preset_pk, action_slug=invocation.action_slug)
    if person is not None and presets.remove_preset(person, preset):
        messages.success(request, f"“{preset.name}” was removed.")
    else:
        messages.error(request, "Presets for all are removed by who may make them.")
    return redirect("invocation_parameters", pk)


def _form(request: HttpRequest, invocation: Invocation, who: Who) -> ParametersForm:
    """The form as it is to be shown, or with what was sent."""
    kitsu, specs = _kitsu(who), asked_of(invocation.definition)
    preset, fresh = _preset(request, invocation, who), "fresh" in request.GET
    begin = beginnings(invocation, who.person, kitsu, preset, proven=_proven(who), fresh=fresh)
    if request.method == "POST" or fresh or preset:
        forget_unsent(invocation)
    sent = request.POST if request.method == "POST" else unsent(invocation)
    if sent is not None:
        begin |= sent_choices(specs, sent)
    asked = form_class(specs, kitsu, _project_ids(invocation, kitsu), begin)
    with timezone.override(zone_of(who.person)):
        return asked(sent, request.FILES if request.method == "POST" else None, prefix=PREFIX)


def _sent(request: HttpRequest, invocation: Invocation, who: Who, form: ParametersForm) -> HttpResponse:
    """What the button says: run, keep a preset, make a link, or only look at the choices anew."""
    with timezone.override(zone_of(who.person)):
        right = form.is_valid()
    try:
        given = kept_answers(invocation, form)
    except FileTooLarge as error:
        form.add_error(None, str(error))
        right, given = False, dict(invocation.parameters)
    invocation.parameters = given
    stands = {"state": State.WAITING, "waiting_for": WaitingFor.PARAMETERS}  # What was shown to be confirmed stays.
    Invocation.objects.filter(pk=invocation.pk, **stands).update(parameters=given)
    button = request.POST.get("do", "run")
    if button == "preset" and not form.errors:
        return _keep_preset(request, invocation, who, given)
    if button == "choices":
        return redirect("invocation_parameters", invocation.pk)
    if button == "run" and right:
        return see(go_on(invocation, who, confirmed=False, given=given, said=in_words(form)))
    link = link_with(request, invocation, given) if button == "link" and right else ""
    if button == "link" and right and not link:
        messages.error(request, "This selection is too large for a link. Keep a preset instead.")
    return _shown(request, invocation, who, form, link=link, status=200 if right else 422)


def _keep_preset(request: HttpRequest, invocation: Invocation, who: Who, given: dict[str, Any]) -> HttpResponse:
    name = " ".join(storable(request.POST.get("preset-name", "")).split())[:80]
    values = {spec.name: given[spec.name] for spec in asked_of(invocation.definition)
              if spec.name in given and spec.type != "file" and not spec.about.secret}  # fmt: skip
    for_all = "preset-for-all" in request.POST
    if not _proven(who):
        messages.error(request, "Sign in to keep a preset.")
    elif not name:
        messages.error(request, "Give the preset a name.")
    elif presets.keep_preset(who.person, invocation.action_slug, name, values, for_all=for_all):
        messages.success(request, f"“{name}” is kept.")
    else:
        messages.error(request, f"You keep {presets.MOST} presets of this action already; remove one first.")
    return redirect("invocation_parameters", invocation.pk)


def _shown(
    request: HttpRequest, invocation: Invocation, who: Who, form: ParametersForm, *, link: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "invocation": invocation,
        "form": form,
        "person": who.person,
        "presets": _presets(invocation, who),
        "may_keep": _proven(who),
        "may_keep_for_all": _proven(who) and presets.may_keep_for_all(who.person),
        "narrowed": any(spec.about.within for spec in form.specs),
        "files": any(spec.type == "file" for spec in form.specs),
        "given_files": {spec.name: invocation.parameters.get(spec.name) for spec in form.specs if spec.type == "file"},
        "confirms": must_confirm(invocation.definition, invocation.task_count),
        "link": link,
        "fresh": f"{reverse('invocation_parameters', args=[invocation.pk])}?{urlencode({'fresh': 1})}",
    }
    with timezone.override(zone_of(who.person)):
        return render(request, "invocation/parameters.html", context, status=status)


def _kitsu(who: Who) -> Kitsu:
    """Kitsu as the person sees it."""
    return seen_by(studio().session(who.token) if who.token else studio().bot(), who.person)


def _preset(request: HttpRequest, invocation: Invocation, who: Who) -> Preset | None:
    number = request.GET.get("preset", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return _presets(invocation, who).filter(pk=number).first()


def _presets(invocation: Invocation, who: Who) -> QuerySet[Preset]:
    """Anybody can claim to be somebody: what a person keeps is for themselves, proven."""
    return presets.offered_to(who.person, invocation.action_slug) if _proven(who) else Preset.objects.none()


def _proven(who: Who) -> bool:
    return who.trust == Trust.PROVEN


def _project_ids(invocation: Invocation, kitsu: Kitsu) -> list[str]:
    """The productions of the tasks, as the tasks say."""
    if invocation.project_ids:
        return list(invocation.project_ids)
    key = f"projects:{invocation.pk}"
    found: list[str] | None = cache.get(key)
    if found is None:
        found = sorted({row["project_id"] for row in kitsu.tasks(invocation.task_ids)})
        cache.set(key, found, PROJECTS_KEPT)
    return found
