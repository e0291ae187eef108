"""The bot in a person's place: whatever a draft claims, their right decides and their name stands under it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuUnreachable, NotInKitsu
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.sample.productions import FEATURE, SHORT
from kitsu_bridge.kitsu.sample.rows import an_id
from kitsu_bridge.kitsu.visibility import seen_by

JUNO = "juno@sample.studio"


@pytest.fixture
def studio():
    return SampleStudio()


@pytest.fixture
def juno(studio):
    """Leads the feature, and is an artist of the short."""
    bot = studio.bot()
    return seen_by(bot, Person.from_record(next(row for row in bot.persons() if row["email"] == JUNO)))


def a_task(studio, project, juno, *, theirs=True):
    me = juno.whoami()["id"]
    rows = studio.bot().project_tasks(an_id("projects", project))
    return next(row for row in rows if (me in row["assignees"]) is theirs)


def draft(task, **more):
    return {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": task["task_status_id"],
            "comment": "Mine"} | more  # fmt: skip


def test_it_works(studio, juno):
    task = a_task(studio, SHORT, juno)
    row = juno.post_comment(draft(task))
    assert row["person_id"] == juno.whoami()["id"]


def test_it_does_not_believe_a_draft_about_its_production(studio, juno):
    hana = next(row["id"] for row in studio.bot().persons() if row["email"] == "hana@sample.studio")
    task = a_task(studio, SHORT, juno)
    lie = draft(task, project_id=an_id("projects", FEATURE), person_id=hana, for_client=True)
    for row in (juno.post_comment(lie), *juno.post_comments([lie])):
        assert (row["person_id"], row["for_client"]) == (juno.whoami()["id"], False)
    with pytest.raises(KitsuForbids):
        juno.post_comments([draft(a_task(studio, SHORT, juno, theirs=False), project_id=an_id("projects", FEATURE))])


def test_it_casts_only_in_the_production_of_the_shot(studio, juno):
    task = a_task(studio, SHORT, juno)
    for project in (SHORT, FEATURE):
        with pytest.raises(KitsuForbids):
            juno.set_casting(an_id("projects", project), task["entity_id"], [])


def test_a_task_that_is_gone_is_named(studio, juno):
    task, gone = a_task(studio, SHORT, juno), studio.bot().project_tasks(an_id("projects", SHORT))[-1]
    del studio.tables.tasks[gone["id"]]
    rows = juno.post_comments([draft(task), draft(gone)])
    assert [row["object_id"] for row in rows] == [task["id"]]
    assert rows.refused == {gone["id"]: str(NotInKitsu())}


def test_it_passes_on_that_kitsu_is_away(studio, juno):
    task = a_task(studio, SHORT, juno)
    studio.trouble = KitsuUnreachable()
    with pytest.raises(KitsuUnreachable):
        juno.post_comments([draft(task)])


def test_it_shows_a_thumbnail_without_asking_again(studio, juno):
    rows = juno.task_previews([row["id"] for row in juno.project_tasks(an_id("projects", SHORT))])
    studio.tables.tasks.clear()
    assert juno.thumbnail(rows[0]["id"])


def test_it_reads_the_custom_fields_of_a_production_once(studio, juno):
    class Counted:
        """The bot's session, which notes whose fields it is asked for."""

        def __init__(self, kitsu):
            self.kitsu, self.asked = kitsu, []

        def __getattr__(self, name):
            return getattr(self.kitsu, name)

        def metadata_descriptors(self, project_id):
            self.asked.append(project_id)
            return self.kitsu.metadata_descriptors(project_id)

    bot, feature = Counted(studio.bot()), an_id("projects", FEATURE)
    acting = seen_by(bot, Person.from_record(juno.whoami()))
    entities = {row["entity_id"] for row in studio.bot().project_tasks(feature)}
    for entity_id in sorted(entities)[:5]:
        with suppress(KitsuForbids):
            acting.update_entity_data(entity_id, {"difficulty": "hard"})
    assert bot.asked == [feature]
