"""Links into Kitsu's own pages, as `gazu.task.get_task_url` and its like write them (gazu 1.3.1)."""

from __future__ import annotations

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.tasks import Named, Task

PAGES = {"asset": "assets", "shot": "shots", "sequence": "sequences", "episode": "episodes", "edit": "edits"}


def task_link(kitsu_url: str, task: Task) -> str:
    """The task's page; empty where there is none, as in the sample studio and for concepts."""
    return task_page(kitsu_url, task.project.id, task.entity.kind, task.id)


def task_page(kitsu_url: str, project_id: str, kind: str, task_id: str) -> str:
    """The same by ids; `kind` is that of the entity: `shot`, `asset`, ..."""
    pages = PAGES.get(kind)
    return f"{kitsu_url}/productions/{project_id}/{pages}/tasks/{task_id}" if kitsu_url and pages else ""


def task_type_page(kitsu_url: str, project_id: str, kind: str, task_type_id: str, below: str = "") -> str:
    """All tasks of one type on one kind of entity, as Kitsu's router spells it (src/router/routes.js in Kitsu 1.0.56).

    `below`: the id of an episode, in a TV show. Empty for concepts, whose tasks have no such page.
    """
    pages = PAGES.get(kind)
    if not kitsu_url or pages is None:
        return ""
    if kind == "episode":
        return f"{kitsu_url}/productions/{project_id}/episodes/task-types/{task_type_id}"
    within = f"/episodes/{below}" if below else ""
    return f"{kitsu_url}/productions/{project_id}{within}/{pages}/task-types/{task_type_id}"


def entity_link(kitsu_url: str, task: Task) -> str:
    """The page of what the task is on; in a TV show below its episode, or `main` for assets of all episodes."""
    entity, pages = task.entity, PAGES.get(task.entity.kind)
    if not kitsu_url or pages is None or entity.kind == "episode":
        return ""
    show = task.project.record.get("production_type") == "tvshow"
    below = f"/episodes/{entity.episode.id if entity.episode else 'main'}" if show else ""
    return f"{kitsu_url}/productions/{task.project.id}{below}/{pages}/{entity.id}"


def playlist_link(kitsu_url: str, project: Named, playlist: Record) -> str:
    """A playlist's page, which gazu has no function for: as Kitsu's own router spells it (src/router/routes.js in Kitsu
    1.0.56), in a TV show below its episode, `all` of them or the `main` pack."""
    if not kitsu_url:
        return ""
    episode = playlist.get("episode_id") or ("all" if playlist.get("is_for_all") else "main")
    below = f"/episodes/{episode}" if project.record.get("production_type") == "tvshow" else ""
    return f"{kitsu_url}/productions/{project.id}{below}/playlists/{playlist['id']}"


def person_link(kitsu_url: str, person_id: str) -> str:
    """A person's page."""
    return f"{kitsu_url}/people/{person_id}" if kitsu_url else ""


def preview_link(kitsu_url: str, preview: Record) -> str:
    """The original file of a preview, for whoever is signed in to Kitsu (zou/app/blueprints/previews in Zou 1.0.97)."""
    extension = str(preview.get("extension") or "")
    if not kitsu_url or not extension.isalnum():
        return ""
    media = "movies" if extension == "mp4" else "pictures"
    return f"{kitsu_url}/api/{media}/originals/preview-files/{preview['id']}.{extension}"
