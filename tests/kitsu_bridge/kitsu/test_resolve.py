from __future__ import annotations

import random
import uuid

import pytest

from kitsu_bridge.kitsu import resolve as resolving
from kitsu_bridge.kitsu.people import ROLES, Person
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.visibility import seen_by

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_it_works(kitsu):
    ids = kitsu.all_task_ids()
    random.Random(1).shuffle(ids)
    resolution = resolve(kitsu.studio.bot(), ids)
    assert [task.id for task in resolution] == ids
    assert not resolution.missing
    for task in resolution:
        assert task.entity.name
        assert task.task_type.name
        assert task.status.name
        assert task.project.name
        assert len(task.assignees) == len(task.record["assignees"])


def test_it_knows_every_kind_of_entity_and_what_is_above(kitsu):
    tasks = resolve(kitsu.studio.bot(), kitsu.all_task_ids()).tasks
    of = {task.entity.kind: task for task in tasks}
    assert set(of) >= {"asset", "shot", "sequence", "episode", "edit", "concept"}
    assert all((task.entity.asset_type is not None) == (task.entity.kind == "asset") for task in tasks)
    assert all(task.entity.sequence is not None for task in tasks if task.entity.kind == "shot")
    in_show = [task for task in tasks if task.project.record["production_type"] == "tvshow"]
    assert all(task.entity.episode is not None for task in in_show if task.entity.kind in {"shot", "sequence"})
    assert any(task.entity.episode is not None for task in in_show if task.entity.kind == "asset")
    shot = next(task for task in in_show if task.entity.kind == "shot")
    assert shot.entity.path == f"{shot.entity.episode.name} / {shot.entity.sequence.name} / {shot.entity.name}"


def test_it_names_what_is_not_there(kitsu):
    good = kitsu.all_task_ids()[:2]
    resolution = resolve(kitsu.studio.bot(), [good[0], UNKNOWN, "all", good[1], good[0]])
    assert [task.id for task in resolution] == good
    assert {one.id: one.reason for one in resolution.missing} == {
        UNKNOWN: resolving.NOT_THERE,
        "all": resolving.NOT_AN_ID,
    }


def test_it_reads_a_whole_production_at_once_where_that_is_less(kitsu, monkeypatch):
    ids = kitsu.all_task_ids()
    by_id = resolve(kitsu.studio.bot(), ids)
    monkeypatch.setattr(resolving, "MOST_BY_ID", 0)
    at_once = resolve(kitsu.studio.bot(), ids)
    assert at_once == by_id
    assert [task.name for task in at_once] == [task.name for task in by_id]


@pytest.mark.parametrize("role", ROLES)
def test_the_bot_shows_a_person_just_what_kitsu_would(kitsu, role):
    """With the person's own token, and with the bot's under our rules: the same tasks with the same fields."""
    session = kitsu.session(role)
    person = Person.from_record(session.whoami())
    ids = [*kitsu.all_task_ids(), str(uuid.uuid4())]
    own = resolve(session, ids)
    ours = resolve(seen_by(kitsu.studio.bot(), person), ids)
    assert [task.id for task in ours] == [task.id for task in own]
    assert ours.missing == own.missing
    for mine, theirs in zip(own, ours, strict=True):
        assert theirs.record == mine.record
        assert (theirs.entity.kind, theirs.entity.name) == (mine.entity.kind, mine.entity.name)
        assert [one.name for one in theirs.assignees] == [one.name for one in mine.assignees]


def test_a_whole_production_is_the_same_as_all_its_tasks(kitsu):
    bot = kitsu.studio.bot()
    for project in bot.projects():
        ids = [row["id"] for row in bot.project_tasks(project["id"])]
        whole = {task.id: task for task in resolving.resolve_production(bot, project["id"])}
        for task in resolve(bot, ids):
            assert whole[task.id] == task
            for name in ("data", "nb_frames", "nb_entities_out", "canceled", "is_casting_standby"):
                assert whole[task.id].entity.record[name] == task.entity.record[name]
            for name in ("estimation", "due_date", "duration", "real_start_date", "last_preview_file_id"):
                assert whole[task.id].record[name] == task.record[name]
        assert set(whole) == set(ids)
