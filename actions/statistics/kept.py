"""The tasks behind a number of figures that were kept with an invocation: those that it counted then."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.figures.behind import FILE, Behind
from actions.statistics.lists import Number, Tasks, tasks_file, tasks_page
from audit.models import Invocation
from audit.models.file import InvocationFile
from audit.states import Happened
from audit.views.page import share_of, visible_or_404
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.templatetags.outcomes import with_share

OTHERWISE = (ValueError, KeyError, TypeError)
"""What another version of the bridge wrote may be read so."""


@never_cache
@require_GET
def kept_tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For everybody who may see the invocation's page, by a shared link too."""
    invocation = visible_or_404(request, pk)
    found = _found(request, invocation)
    page = with_share(invocation.get_absolute_url(), share_of(request))
    file = f"{reverse('statistics_kept_tasks_csv', args=[pk])}?{request.GET.urlencode()}"
    return tasks_page(request, found, back=f"{page}#figure-{found.figure.slug}", file=file, kept=True)


@never_cache
@require_GET
def kept_tasks_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same tasks, all of them; recorded, as every download of an invocation's is."""
    invocation = visible_or_404(request, pk)
    found = _found(request, invocation)
    text = f"The tasks behind a number of “{found.figure.title}” were downloaded."
    invocation.event(Happened.EXPORTED, actor=identity_of(request).person, text=text).save()
    return tasks_file(found)


def _found(request: HttpRequest, invocation: Invocation) -> Tasks:
    behind = _behind(invocation)
    figure = behind.figures.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404("There is no such figure.")
    about, ids = Number.read(request.GET).behind(figure)
    return Tasks(figure, about, [behind.tasks[one] for one in ids], behind.columns, behind.read_at)


def _behind(invocation: Invocation) -> Behind:
    """As the run kept it. Raises 404 where it was not kept, or is not any more."""
    file = invocation.files.filter(name=FILE, origin=InvocationFile.Origin.MADE).order_by("-at").first()
    if file is None:
        raise Http404("What was counted is not kept.")
    try:
        return Behind.read(file.path.read_text("utf-8"))
    except (FileNotFoundError, *OTHERWISE):
        raise Http404("What was counted is not kept any more.") from None
