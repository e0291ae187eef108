"""The page of the playground."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions.models import Action
from actions.playground.board import Board, color, read_board
from actions.playground.broken import BROKEN
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.signin.identity import identity_of
from kitsu_bridge.kitsu.signin.users import is_studio_manager
from kitsu_bridge.kitsu.signin.views import kitsu_away, person_required
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.kitsu.visibility import seen_by


@never_cache
@require_GET
@person_required
def playground(request: HttpRequest) -> HttpResponse:
    """Choose a production, select tasks, choose an action, send it as Kitsu would. Read with the person's own right."""
    identity = identity_of(request)
    assert identity.person is not None
    # Zou's list of a project's tasks has all of them for vendors too (1.0.97); Kitsu's pages show only theirs.
    kitsu = seen_by(studio().session(identity.token), identity.person, own=True)
    try:
        return render(request, "playground/page.html", _context(request, kitsu))
    except KitsuError as error:
        return kitsu_away(request, error)


def _context(request: HttpRequest, kitsu: Kitsu) -> dict[str, Any]:
    context = kitsu.context()
    projects = sorted(context["projects"], key=lambda row: str(row["name"]))
    project = _chosen(projects, request.GET.get("production", ""))
    asked, episode = request.GET.get("page", ""), request.GET.get("episode", "")
    board = read_board(kitsu, context, project, asked, episode) if project else Board()
    manager = is_studio_manager(request)
    return {
        "projects": projects,
        "project": project,
        "board": board,
        "page": board.page,
        "episode": episode,
        "actions": _actions(board.page),
        "path": _path(project, board.page, episode) if project else "",
        "server": request.get_host(),
        "colors": _colors(board),
        "broken": BROKEN if manager else (),
        "other": next((one["id"] for one in projects if project and one["id"] != project["id"]), ""),
    }


def _chosen(projects: list[Record], asked: str) -> Record | None:
    """The production that was asked for, else the one of the settings, else the first."""
    for row in projects:
        if row["id"] == asked:
            return row
    named = [row for row in projects if row["name"] == settings.KITSU_PROJECT]
    return next(iter([*named, *projects]), None)


def _path(project: Record, page: str, episode: str) -> str:
    """Kitsu's route of this page: a TV show's run below an episode or `all` (src/lib/path.js and router in Kitsu)."""
    below = project.get("production_type") == "tvshow" and page not in {"episode", "concept"}
    middle = f"/episodes/{episode or 'all'}" if below else ""
    return f"/productions/{project['id']}{middle}/{page}s"


def _actions(page: str) -> list[Action]:
    """What Kitsu would offer on this page: enabled, and for this entity type or for all."""
    return [
        action
        for action in Action.objects.filter(enabled=True)
        if not action.entity_types or page in action.entity_types
    ]


def _colors(board: Board) -> list[tuple[str, str]]:
    """Classes for the colours that Kitsu gives to columns and statuses; nothing else may come in."""
    rows = [*board.columns, *board.statuses]
    return [(f"c-{row['id']}", color(row.get("color"))) for row in rows if is_id(row["id"])]
