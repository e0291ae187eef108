"""What was last delivered, in the sample studio and in a real Zou."""

from __future__ import annotations

from datetime import UTC, datetime

from kitsu_bridge.kitsu.deliveries import latest_previews, tasks_in_status
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.sample import SampleStudio


def test_it_works(kitsu):
    bot = kitsu.studio.bot()
    tasks = resolve(bot, kitsu.all_task_ids()).tasks
    found = latest_previews(bot, tasks)
    assert {key: row["id"] for key, row in found.items()} == {
        task.id: task.last_preview.id for task in tasks if task.last_preview
    }


def test_it_looks_at_all_tasks_of_the_entity(kitsu):
    bot = kitsu.studio.bot()
    tasks = resolve(bot, kitsu.all_task_ids()).tasks
    types = {task.task_type.id for task in tasks if task.last_preview}
    found = latest_previews(bot, tasks, types)
    of_entity = {}
    for row in latest_previews(bot, tasks).values():
        entity = next(task.entity.id for task in tasks if task.id == row["task_id"])
        of_entity[entity] = max(of_entity.get(entity, ""), row["created_at"])
    assert {task.entity.id: found[task.id]["created_at"] for task in tasks if task.id in found} == of_entity
    assert latest_previews(bot, tasks, {"00000000-0000-4000-8000-000000000000"}) == {}


def test_a_preview_that_is_gone_is_none():
    studio = SampleStudio()
    bot = studio.bot()
    rows = [row for row in bot.project_tasks(bot.projects()[0]["id"]) if row["last_preview_file_id"]]
    del studio.tables.preview_files[rows[0]["last_preview_file_id"]]
    tasks = resolve(bot, [row["id"] for row in rows[:2]]).tasks
    assert set(latest_previews(bot, tasks)) == {rows[1]["id"]}


def test_it_finds_what_stands_in_a_status(kitsu):
    bot = kitsu.studio.bot()
    projects = [row["id"] for row in bot.projects()]
    for flag in ("is_retake", "is_feedback_request", "is_done"):
        found = tasks_in_status(bot, projects, flag)
        names = {row["id"] for row in bot.task_statuses() if row[flag]}
        wanted = {row["id"] for one in projects for row in bot.project_tasks(one) if row["task_status_id"] in names}
        assert {task.id for task in found} == wanted


def test_it_finds_what_was_commented_on_since():
    studio = SampleStudio()
    bot = studio.bot()
    (project, *_), tables = bot.projects(), studio.tables
    retakes = tasks_in_status(bot, [project["id"]], "is_retake")
    for task in retakes:
        tables.tasks[task.id]["last_comment_date"] = "2026-01-01T10:00:00"
    tables.tasks[retakes[0].id]["last_comment_date"] = "2026-01-02T10:00:00"
    tables.tasks[retakes[1].id]["last_comment_date"] = None
    since = datetime(2026, 1, 2, tzinfo=UTC)
    assert [task.id for task in tasks_in_status(bot, [project["id"]], "is_retake", since=since)] == [retakes[0].id]
    types = {retakes[0].task_type.id}
    found = tasks_in_status(bot, [project["id"]], "is_retake", task_types=types)
    assert {task.task_type.id for task in found} == types
