"""The kind `comment`; its hostile moments stand in test_changing_tasks.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.contract import ActionError, File
from tests.actions.handlers.calling import Sample, plan, run


@pytest.fixture
def sample():
    return Sample()


@pytest.fixture
def row(sample):
    return sample.tasks(1, task_status_id=sample.status("wip"), assignees=[sample.person("noa")])[0]


def last(sample, row):
    return [one for one in sample.tables.comments.values() if one["object_id"] == row["id"]][-1]


def count(sample, row):
    return sum(one["object_id"] == row["id"] for one in sample.tables.comments.values())


def test_it_works(sample, row):
    text = "See {entity_name}\r\nplease"
    outcome, report = run("comment", sample.session("noa"), [row["id"]], status=sample.status("wfa"), text=text)
    assert outcome.message == "Set Waiting For Approval: 1 task done."
    state, message, data = report.results[row["id"]]
    name = sample.tables.entities[row["entity_id"]]["name"]
    assert (state, message) == ("done", f"Comment “See {name} please”")
    assert data == {"before": "Work In Progress", "after": "Waiting For Approval"}
    made = last(sample, row)
    assert (made["text"], made["person_id"]) == (f"See {name}\nplease", sample.person("noa"))
    assert row["task_status_id"] == sample.status("wfa")


def test_it_keeps_the_status_of_each_task(sample):
    rows = sample.tasks(2)
    rows[0]["task_status_id"], rows[1]["task_status_id"] = sample.status("done"), sample.status("todo")
    run("comment", sample.session(), [row["id"] for row in rows], text="Only words")
    assert [row["task_status_id"] for row in rows] == [sample.status("done"), sample.status("todo")]


def test_it_keeps_the_status_that_a_task_got_since_it_was_selected(sample, row):
    def meanwhile(kitsu):
        row["task_status_id"] = sample.status("done")
        return kitsu

    run("comment", sample.session(), [row["id"]], seen_through=meanwhile, text="Only words")
    assert row["task_status_id"] == sample.status("done")


def test_it_has_a_checklist_mentions_and_a_file(sample, row, tmp_path):
    path = tmp_path / "5c2e9d"
    path.write_text("look")
    file = File("notes.txt", path, 4)
    people = (sample.person("juno"), sample.person("northlight"), sample.person("leila"))
    _, report = run("comment", sample.session(), [row["id"]], text="Hello", checklist="Hands\n\n[x] Feet \n",
                    mention=people, attachment=file)  # fmt: skip
    made = last(sample, row)
    assert made["checklist"] == [{"text": "Hands", "checked": False}, {"text": "Feet", "checked": True}]
    assert made["text"] == "Hello\n\n@Juno 🦊 Park @ليلى حداد"
    assert set(made["mentions"]) == {sample.person("juno"), sample.person("leila")}
    assert [one["name"] for one in made["attachment_files"]] == ["notes.txt"]
    assert "Vendor Northlight not mentioned: not in the team of The Lantern Keeper" in report.results[row["id"]][1]


def test_it_refuses_to_say_nothing(sample, row):
    with pytest.raises(ActionError, match="Choose a status, or write a comment"):
        run("comment", sample.session(), [row["id"]], text="  \n")


def test_it_leaves_alone_what_has_the_status_already(sample, row):
    _, report = run("comment", sample.session(), [row["id"]], status=sample.status("wip"))
    assert report.results[row["id"]][:2] == ("skipped", "Is so already.")


def test_a_status_that_a_production_has_not_is_blocked(sample, row):
    sample.tables.projects[row["project_id"]]["task_statuses"] = [sample.status("wip"), sample.status("done")]
    found = plan("comment", sample.session(), [row["id"]], status=sample.status("retake"))
    words = "The Lantern Keeper has no status Retake."
    assert [(step.message, step.blocked) for step in found.steps] == [(words, True)]


def test_a_status_that_artists_may_not_set_is_blocked(sample, row):
    sample.tables.task_statuses[sample.status("done")]["is_artist_allowed"] = False
    _, report = run("comment", sample.session("noa"), [row["id"]], status=sample.status("done"))
    assert report.results[row["id"]][:2] == ("failed", "Artists may not set Done.")


def test_one_retake_too_many_is_named_and_the_others_are_written(sample):
    rows = sample.tasks(3, task_status_id=sample.status("wfa"), retake_count=0)
    sample.tables.projects[rows[0]["project_id"]]["max_retakes"] = 1
    for row in rows:
        sample.tables.entities[row["entity_id"]]["data"]["max_retakes"] = 1
    rows[1]["retake_count"] = 1
    _, report = run("comment", sample.session(), [row["id"] for row in rows], status=sample.status("retake"))
    assert report.ids("done") == {rows[0]["id"], rows[2]["id"]}
    assert "No more retakes allowed" in report.results[rows[1]["id"]][1]


def test_an_unknown_variable_blocks_with_the_nearest_name(sample, row):
    found = plan("comment", sample.session(), [row["id"]], text="{entity_nam}")
    assert found.steps[0].blocked
    assert "Did you mean {entity_name}?" in found.steps[0].message


def test_hashtags_that_kitsu_spreads_are_said(sample, row):
    found = plan("comment", sample.session(), [row["id"]], text="#all look at #lighting and #animation, take #2")
    assert "because of #all, #lighting Kitsu posts it on other tasks of" in found.steps[0].message


def test_who_may_not_comment_there_is_told(sample):
    mine = sample.tasks(1, assignees=[sample.person("noa")])[0]
    theirs = sample.tasks(1, task_type="Lighting", assignees=[])[0]
    _, report = run("comment", sample.session("noa"), [mine["id"], theirs["id"]], text="Hello")
    assert report.ids("done") == {mine["id"]}
    assert report.results[theirs["id"]][0] == "failed"


def test_a_retry_finds_its_own_comment_and_no_older_one(sample, row):
    hana, begun = sample.session(), datetime.now(UTC)
    run("comment", hana, [row["id"]], text="Once")
    _, report = run("comment", hana, [row["id"]], text="Once", more={"tried_since": begun})
    assert report.ids("done") == {row["id"]}
    before = count(sample, row)
    last(sample, row)["created_at"] = (begun - timedelta(hours=1)).replace(tzinfo=None).isoformat()
    run("comment", hana, [row["id"]], text="Once", more={"tried_since": begun})
    assert count(sample, row) == before + 1


def test_another_person_s_same_comment_is_not_its_own(sample, row):
    begun = datetime.now(UTC)
    run("comment", sample.session("noa"), [row["id"]], text="Once")
    run("comment", sample.session(), [row["id"]], text="Once", more={"tried_since": begun})
    assert last(sample, row)["person_id"] == sample.person("hana")


def test_the_name_of_a_shot_mentions_nobody_and_posts_nowhere_else(sample, row):
    entity = sample.tables.entities[row["entity_id"]]
    entity["name"] = "@Juno 🦊 Park #all"
    before = len(sample.tables.comments)
    _, report = run("comment", sample.session(), [row["id"]], text="{entity_name} by {person_email}, @Leila Haddad")
    made = last(sample, row)
    assert made["mentions"] == []
    assert made["text"].startswith("@\u200bJuno 🦊 Park #\u200ball by ")
    assert made["text"].endswith("@sample.studio, @Leila Haddad")
    assert len(sample.tables.comments) == before + 1
    assert "because of" not in report.results[row["id"]][1]
