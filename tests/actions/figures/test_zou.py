"""The figures of a small production in a real Zou against numbers counted by hand, and against Kitsu's own totals.

The production is `COUNTED` in tests/servers/zou_seed.py. Weeks are counted from this one: 0, and 3 is three weeks ago.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from actions.figures import FIGURES, Production, Scope, read_production
from actions.figures.weeks import monday, name
from tests.actions.figures.making import table
from tests.kitsu_bridge.kitsu.conftest import real

pytestmark = pytest.mark.zou


@pytest.fixture(scope="module")
def zou():
    return real()


@pytest.fixture(scope="module")
def bot(zou):
    return zou.studio.bot()


@pytest.fixture(scope="module")
def project(bot):
    return next(row["id"] for row in bot.projects() if row["name"] == "Zoetrope")


@pytest.fixture(scope="module")
def head(zou):
    return zou.studio.session(zou.studio.log_in("head@studio.test", zou.password))


@pytest.fixture(scope="module")
def counted(bot, head, project) -> Production:
    """As on the day when it was made: at the next one's midnight everything is a day later."""
    made = next(row["created_at"] for row in bot.projects() if row["id"] == project)
    return replace(read_production(head, project), read_at=datetime.fromisoformat(made).replace(tzinfo=UTC))


@pytest.fixture(scope="module")
def types(bot):
    """The names of the two task types for shots and of the one for assets."""
    rows = sorted(bot.task_types(), key=lambda row: row["priority"])
    shots, assets = ([row for row in rows if row["for_entity"] == one] for one in ("Shot", "Asset"))
    return [row["name"] for row in (*shots[:2], assets[0])]


def week(production, ago):
    return name(production.today - timedelta(days=7 * ago))


def rows(figure, *keys, by=0):
    return {row[by]: row[1:] for row in table(figure, *keys)}


def test_it_works(counted, types):
    """Seven tasks: the one on the cancelled shot is left out."""
    found = FIGURES["status"](counted)
    names = {one.key: one.label for one in found.series}
    counts = {
        (row.label, names[key]): row.values[key] for row in found.rows for key in names if row.values[key]
    }  # fmt: skip
    first, second, of_assets = types
    assert counts == {
        (first, "Done"): 2,
        (first, "Retake"): 1,
        (second, "Waiting For Approval"): 1,
        (second, "Work In Progress"): 1,
        (second, "Todo"): 1,
        (of_assets, "Done"): 1,
    }
    assert rows(found, "type", "tasks", "frames", "seconds") == {
        of_assets: (1, 0, 0.0),
        first: (3, 264, 11.0),
        second: (3, 264, 11.0),
    }


def test_reviews_wait_since_they_were_sent(counted, types):
    ((kind, count, median, longest),) = table(FIGURES["review"](counted), "type", "tasks", "median", "longest")
    assert (kind, count) == (types[1], 1)
    assert median == longest == pytest.approx(5, abs=0.1)


def test_retakes_are_those_that_zou_counted(counted, types):
    first, second, of_assets = types
    keys = ("label", "tasks", "retakes", "returned", "most")
    found = FIGURES["retakes"](counted)
    assert rows(found, *keys) == {of_assets: (1, 0, 0, 0), first: (3, 3, 2, 2), second: (1, 0, 0, 0)}
    assert found.total.values["rate"] == 3 / 5
    assert rows(FIGURES["retakes-sequences"](counted), *keys) == {
        "E01 / SQ01": (3, 3, 2, 2),
        "E02 / SQ01": (1, 0, 0, 0),
        "No sequence": (1, 0, 0, 0),
    }
    assert rows(FIGURES["retakes-artists"](counted), *keys) == {"Juno Seed": (3, 2, 1, 2), "Noa Seed": (3, 1, 1, 1)}
    over_time = FIGURES["retakes-weeks"](counted)
    assert table(over_time, "label", "retakes", "returned", "done", "share") == [
        (week(counted, 3), 1, 1, 1, 0.5),
        (week(counted, 2), 1, 1, 1, 0.5),
        (week(counted, 1), 1, 1, 1, 0.5),
        (week(counted, 0), 0, 0, 0, None),
    ]
    assert not over_time.note


def test_where_retakes_were_not_read_they_go_by_the_day_on_which_a_task_was_done(counted):
    over_time = FIGURES["retakes-weeks"](replace(counted, retaken=None))
    assert table(over_time, "label", "tasks", "retakes") == [
        (week(counted, 3), 1, 0),
        (week(counted, 2), 1, 1),
        (week(counted, 1), 1, 0),
        (week(counted, 0), 0, 0),
    ]
    assert "Kitsu keeps the days of retakes apart" in over_time.note


def test_estimates_are_days_of_eight_hours(counted, types):
    first, second, of_assets = types
    keys = ("type", "tasks", "estimated", "spent", "over", "without")
    assert rows(FIGURES["estimates"](counted), *keys) == {
        of_assets: (0, 0.0, 0.0, 0, 1.0),
        first: (3, 2.5, 2.75, 2, 0.0),
        second: (2, 7.0, 0.25, 0, 0.0),
    }
    assert table(FIGURES["estimates-tasks"](counted), "people", "over") == [("Juno Seed", 0.5), ("Noa Seed", 0.25)]


def test_what_is_late_and_due_is_not_done(counted, types):
    keys = ("type", "late", "due", "longest")
    assert rows(FIGURES["due"](counted), *keys) == {types[0]: (1, 0, 3), types[1]: (0, 1, None)}


def test_what_lacks_something_is_not_done(counted, types):
    keys = ("type", "tasks", "assignee", "estimate", "due", "any")
    assert rows(FIGURES["missing"](counted), *keys) == {types[0]: (1, 0, 0, 0, 0), types[1]: (3, 1, 1, 1, 1)}


def test_episodes_side_by_side(counted):
    keys = ("label", "done", "review", "retake", "work", "waiting", "tasks", "retakes", "late", "frames")
    assert rows(FIGURES["episodes"](counted), *keys) == {
        "E01": (1, 1, 1, 0, 1, 4, 3, 1, 288),
        "E02": (1, 0, 0, 1, 0, 2, 0, 0, 240),
        "No episode": (1, 0, 0, 0, 0, 1, 0, 0, 0),
    }


def test_burn_up_and_velocity_go_by_the_week(counted):
    burnup = FIGURES["burn-up"](counted)
    done = {label: value for label, value in table(burnup, "label", "done") if value is not None}
    assert [done[week(counted, ago)] for ago in (3, 2, 1, 0)] == [1, 2, 3, 3]
    assert burnup.note.startswith(
        "1.0 tasks a week were done in the last 3 full weeks. At this pace the 4 that are left"
    )
    finish = counted.today + timedelta(days=28)
    assert f"done by {finish.isoformat()}" in burnup.note
    assert table(FIGURES["velocity"](counted), "label", "tasks", "frames", "seconds") == [
        (week(counted, 3), 1, 0, 0.0),
        (week(counted, 2), 1, 48, 2.0),
        (week(counted, 1), 1, 120, 5.0),
        (week(counted, 0), 0, 0, 0.0),
    ]


def test_load_is_what_was_spent_and_what_is_left(counted):
    """Noa's 6, 4 and no hours; Juno's 8, then 14. From today on: 7 hours each until today, and Noa's 40 in 30 days."""
    found = FIGURES["load"](counted)
    weeks = [monday(counted.today - timedelta(days=7 * ago)).isoformat() for ago in (3, 2, 1, 0)]
    spent = rows(found, "label", *weeks)
    assert spent["Noa Seed"][:3] == (6.0, 4.0, 0.0)
    assert spent["Juno Seed"] == (8.0, 0.0, 14.0, 7.0)
    everything = sum(row.values[one.key] for row in found.rows if row.label == "Noa Seed" for one in found.series)
    assert everything == pytest.approx(6 + 4 + 7 + 40)
    assert {row.values["quota"] for row in found.rows} == {40.0}


def test_one_person_one_episode(counted, bot):
    noa = next(row["id"] for row in bot.persons() if row["full_name"] == "Noa Seed")
    episode = next(one.id for one in counted.entities.values() if one.kind == "episode" and one.name == "E01")
    within = counted.within(Scope("", person_id=noa))
    assert FIGURES["status"](within).total.values["tasks"] == 4
    assert FIGURES["status"](within.within(Scope("", episode_id=episode))).total.values["tasks"] == 2


@pytest.mark.parametrize("which", ["short", "tvshow", "featurefilm"])
def test_counts_are_those_of_kitsu(bot, which):
    """`GET /data/tasks/open-tasks/stats`, which leaves out concepts."""
    project = next(row["id"] for row in bot.projects() if row["production_type"] == which)
    made = read_production(bot, project)
    stats = bot._get("data/tasks/open-tasks/stats").get(project, {"task_types": []})
    theirs = {(row["task_type_id"], row["task_status_id"]): row["amount"] for row in stats["task_types"]}
    concepts = {one.id for one in made.task_types.values() if one.for_entity == "Concept"}
    figure = FIGURES["status"](made)
    ours = {
        (row.key, one.key): row.values[one.key] for row in figure.rows for one in figure.series if row.values[one.key]
    }
    assert {key: count for key, count in ours.items() if key[0] not in concepts} == theirs
    if which == "short":
        total = FIGURES["estimates"](made).total.values
        assert total["estimated"] * 480 == pytest.approx(stats["total_estimation"])
        assert (total["spent"] + total["without"]) * 480 == pytest.approx(stats["total_duration"])


def test_done_days_are_those_of_kitsu_s_burndown(bot, project, counted):
    """Which counts the cancelled shot's as well, and by the day in UTC."""
    theirs = bot._get("data/tasks/open-tasks/burndown", project_id=project)
    assert theirs["total"] == len(counted.tasks) + 1
    by_week = {}
    for row in theirs["done_by_day"]:
        key = name(counted.today.fromisoformat(row["date"]))
        by_week[key] = by_week.get(key, 0) + row["done"]
    ours = {row.label: row.values["tasks"] for row in FIGURES["velocity"](counted).rows if row.values["tasks"]}
    ours[week(counted, 1)] += 1
    assert ours == by_week


def test_episodes_are_those_of_kitsu(bot):
    """`GET /data/projects/<id>/episodes/stats` and `retake-stats`, which know shots alone."""
    project = next(row["id"] for row in bot.projects() if row["production_type"] == "tvshow")
    made = read_production(bot, project)
    shots = frozenset(task.id for task in made.tasks if made.entity(task).kind == "shot")
    figure = FIGURES["episodes"](made.within(Scope("", task_ids=shots)))
    stats = bot._get(f"data/projects/{project}/episodes/stats")
    retakes = bot._get(f"data/projects/{project}/episodes/retake-stats")
    for row in figure.rows:
        assert row.values["tasks"] == sum(one["count"] for one in stats[row.key]["all"].values())
        assert row.values["frames"] == sum(one["frames"] for one in stats[row.key]["all"].values())
        assert row.values["done"] == retakes[row.key]["all"]["done"]["count"]
        assert row.values["retake"] == retakes[row.key]["all"]["retake"]["count"]


def test_retakes_are_those_of_kitsu_s_page(bot, project, counted):
    """`retake-stats` tells how many tasks came back for the first time, the second and so on: their sum is our retakes."""
    theirs = bot._get(f"data/projects/{project}/episodes/retake-stats")
    for row in FIGURES["episodes"](counted).rows:
        if row.key:
            evolution = theirs[row.key]["all"]["evolution"].values()
            assert row.values["retakes"] == sum(one["retake"]["count"] for one in evolution)


def test_quotas_are_those_of_kitsu(head, project, counted):
    """`GET /data/projects/<id>/quotas/<task type>?count_mode=feedback`, in the person's time zone."""
    figure = FIGURES["quotas"](counted)
    ours = {
        (row.key, one.label): row.values[one.key] for row in figure.rows for one in figure.series if row.values[one.key]
    }
    theirs = {}
    for task_type in {task.task_type_id for task in counted.tasks}:
        found = head._get(f"data/projects/{project}/quotas/{task_type}", count_mode="feedback")
        for person, periods in found.items():
            for one, frames in periods["week"]["frames"].items() if person != "total" else ():
                year, number = one.split("-")
                key = (person, f"{year}-W{int(number):02}")
                theirs[key] = theirs.get(key, 0) + frames
    assert len(ours) == 3
    assert ours == theirs


def test_time_spent_is_that_of_kitsu(head, project, counted):
    ours = sum(one.minutes for one in counted.spents)
    assert ours == sum(task.spent for task in counted.tasks) == 32 * 60
    assert ours == sum(row["duration"] for row in head._get(f"data/projects/{project}/time-spents"))
