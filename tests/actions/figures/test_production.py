from __future__ import annotations

import pickle
from zoneinfo import ZoneInfo

import pytest

from actions.figures import FIGURES, Scope, read_production
from actions.figures.production import MOST_DATED
from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuUnreachable, NotInKitsu
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.sample.productions import FEATURE, SHORT, SHOW
from kitsu_bridge.kitsu.sample.rows import an_id
from tests.actions.figures.making import due, production, spent, task


def read(studio, name, *projects):
    return read_production(studio.session_of(f"{name}@sample.studio"), [an_id("projects", one) for one in projects])


def test_it_works(studio, short):
    rows = studio.bot().project_tasks(an_id("projects", SHORT))
    assert {one.id for one in short.tasks} == {row["id"] for row in rows}
    assert short.zone == ZoneInfo("Asia/Tokyo")
    assert short.read_at.utcoffset() is not None
    assert {one.minutes for one in short.spents} <= {60.0 * hours for hours in range(1, 9)}
    assert short.by_id[short.tasks[0].id] is short.tasks[0]


def test_it_knows_sequences_and_episodes(studio):
    show = read(studio, "hana", SHOW)
    shot = next(one for one in show.tasks if show.entity(one).kind == "shot")
    episode, sequence, name, _ = show.task_name(shot).split(" / ")
    assert (episode[0], sequence[:2], name[:2]) == ("E", "SQ", "SH")
    guest = next(one for one in show.entities.values() if one.name == "Guest prop 2")
    assert show.label(guest.episode_id) == "E02"


def test_it_reads_several_productions_and_tells_how_far_it_is(studio):
    said = []
    hana = studio.session_of("hana@sample.studio")
    both = read_production(
        hana, [an_id("projects", one) for one in (SHORT, SHOW)], progress=lambda *step: said.append(step)
    )
    assert {one.name for one in both.projects.values()} == {SHORT, SHOW}
    assert [done for done, _, _ in said] == list(range(15))
    assert {total for _, total, _ in said} == {14}
    assert both.within(Scope(an_id("projects", SHOW))).tasks == read(studio, "hana", SHOW).tasks


def test_everybody_gets_what_kitsu_shows_them(studio, short):
    vendor = read(studio, "pixelworks", SHORT)
    me = studio.session_of("pixelworks@sample.studio").whoami()["id"]
    assert {one.id for one in vendor.tasks} == {one.id for one in short.tasks if me in one.assignees}
    assert {one.task_id for one in vendor.spents} <= {one.id for one in vendor.tasks}
    client = read(studio, "clara", SHORT)
    assert (client.sees_studio, client.sees_time, client.spents) == (False, False, ())
    assert {(one.assignees, one.due, one.estimation, one.retakes) for one in client.tasks} == {((), None, 0.0, 0)}
    assert FIGURES["status"](client).total.values["tasks"] == len(short.tasks)
    with pytest.raises((KitsuForbids, NotInKitsu)):
        read(studio, "juno", SHOW)


def test_concepts_are_kept_from_clients_and_shown_to_others(studio):
    concepts = [
        any(read(studio, who, FEATURE).entity(one).kind == "concept" for one in read(studio, who, FEATURE).tasks)
        for who in ("luis", "clara")
    ]
    assert concepts == [True, False]


def test_retakes_have_their_days_up_to_a_number():
    studio = SampleStudio()
    found = read(studio, "hana", SHORT)
    assert len(found.retaken) == sum(task.retakes for task in found.tasks) > 10
    assert not FIGURES["retakes-weeks"](found).note
    studio.tables.tasks[found.tasks[0].id]["retake_count"] = MOST_DATED + 1
    assert read(studio, "hana", SHORT).retaken is None


def test_vendors_get_the_retakes_of_their_own_tasks_and_clients_none(studio):
    own = read(studio, "pixelworks", SHORT)
    assert {one.task_id for one in own.retaken} <= {task.id for task in own.tasks}
    assert read(studio, "clara", SHORT).retaken is None


def test_a_production_may_hide_its_figures_from_clients():
    studio = SampleStudio()
    studio.tables.projects[an_id("projects", SHORT)]["is_client_stats_visible"] = False
    assert read(studio, "hana", SHORT).tasks
    with pytest.raises(KitsuForbids):
        read(studio, "clara", SHORT)


def test_cancelled_shots_do_not_count():
    studio = SampleStudio()
    before = read(studio, "hana", SHORT)
    shot = next(one.id for one in before.entities.values() if one.kind == "shot")
    studio.tables.entities[shot]["canceled"] = True
    after = read(studio, "hana", SHORT)
    assert {one.id for one in before.tasks} - {one.id for one in after.tasks} == {
        one.id for one in before.tasks if one.entity_id == shot
    }
    assert {one.task_id for one in after.spents} <= {one.id for one in after.tasks}


def test_it_bears_fields_that_kitsu_left_empty_and_nonsense():
    studio = SampleStudio()
    tables = studio.tables
    tables.projects[an_id("projects", SHORT)]["fps"] = "twenty-four"
    tables.persons[an_id("persons", "hana@sample.studio")]["timezone"] = "Mars/Olympus"
    for row in list(tables.tasks.values())[::2]:
        row |= dict.fromkeys(["estimation", "duration", "retake_count", "start_date", "due_date", "nb_drawings"])
        row |= dict.fromkeys(["real_start_date", "end_date", "done_date", "last_comment_date"])
    found = read(studio, "hana", SHORT)
    assert found.projects[an_id("projects", SHORT)].fps == 25
    for make in FIGURES.values():
        make(found)


def test_a_kitsu_that_does_not_answer_is_said_so():
    studio = SampleStudio()
    hana = studio.session_of("hana@sample.studio")
    studio.trouble = KitsuUnreachable()
    with pytest.raises(KitsuUnreachable):
        read_production(hana, an_id("projects", SHORT))


def test_it_keeps(short):
    """A cache may keep it."""
    again = pickle.loads(pickle.dumps(short))  # noqa: S301 - our own
    assert again == short
    assert FIGURES["status"](again) == FIGURES["status"](short)


def test_a_scope_takes_away_tasks_and_what_was_spent_on_them():
    some = production(
        task("a", "sh1", assignees=("noa",)),
        task("b", "sh3", "comp", assignees=("noa", "juno")),
        task("c", "crow", "model"),
        task("d", "s1", "comp"),
        task("e", "e1", "comp"),
        spents=(spent("a", "noa", due(0), 1), spent("b", "noa", due(0), 1), spent("b", "juno", due(0), 1)),
    )
    scopes = {
        "person_id": ("noa", "ab"),
        "sequence_id": ("s1", "ad"),
        "episode_id": ("e1", "ade"),
        "department_id": ("assets", "c"),
        "task_type_id": ("comp", "bde"),
        "task_ids": (frozenset("ce"), "ce"),
    }
    for field, (value, kept) in scopes.items():
        within = some.within(Scope("show", **{field: value}))
        assert "".join(one.id for one in within.tasks) == kept, field
    assert [one.person_id for one in some.within(Scope("show", person_id="juno")).spents] == ["juno"]
    assert not some.within(Scope("film")).tasks
