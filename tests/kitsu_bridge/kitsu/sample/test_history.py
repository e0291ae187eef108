from __future__ import annotations

from itertools import groupby, pairwise
from operator import itemgetter

import pytest

WHEN = {"comments": "created_at", "preview_files": "created_at", "time_spents": "date"}


def said(tables):
    """The comments of each task, oldest first."""
    rows = sorted(tables.comments.values(), key=itemgetter("object_id", "created_at"))
    return {task: list(found) for task, found in groupby(rows, key=itemgetter("object_id"))}


def test_it_works(tables):
    for task_id, comments in said(tables).items():
        task = tables.tasks[task_id]
        assert comments[-1]["task_status_id"] == task["task_status_id"]
        assert comments[-1]["created_at"] == task["last_comment_date"]
        retakes = [tables.task_statuses[row["task_status_id"]]["is_retake"] for row in comments]
        assert sum(now and not before for before, now in pairwise(retakes)) == task["retake_count"]


@pytest.mark.parametrize(("table", "field"), WHEN.items())
def test_it_invents_nothing_that_has_not_happened_yet(tables, table, field):
    rows = getattr(tables, table).values()
    assert len(rows) > 400
    assert max(row[field] for row in rows) < tables.now.isoformat()


def test_a_task_that_was_not_begun_has_no_past(tables):
    begun = set(said(tables))
    for task in tables.tasks.values():
        assert bool(task["real_start_date"]) == (task["id"] in begun)
        assert bool(task["done_date"]) == tables.task_statuses[task["task_status_id"]]["is_done"]
        assert (task["done_date"] or "") < tables.now.isoformat()


def test_its_previews_are_numbered_and_named_by_their_comments(tables):
    for task in tables.tasks.values():
        previews = [row for row in tables.preview_files.values() if row["task_id"] == task["id"]]
        assert [row["revision"] for row in previews] == list(range(1, len(previews) + 1))
        assert task["last_preview_file_id"] == (previews[-1]["id"] if previews else None)
    linked = {one for row in tables.comments.values() for one in row["previews"]}
    assert linked == set(tables.preview_files)


def test_its_time_spent_adds_up(tables):
    for task in tables.tasks.values():
        spent = [row for row in tables.time_spents.values() if row["task_id"] == task["id"]]
        assert sum(row["duration"] for row in spent) == task["duration"]
        assert {row["person_id"] for row in spent} <= set(task["assignees"])


@pytest.mark.parametrize("email", ["clara@sample.studio", "oriol@sample.studio"])
def test_a_client_reads_what_is_meant_for_clients_and_nothing_else(made, tables, email):
    session = made.session(made.log_in(email, "any"))
    read = session.comments(list(tables.tasks))
    roles = {row["id"]: row["role"] for row in tables.persons.values()}
    assert {(row["for_client"], roles[row["person_id"]]) for row in read} == {(True, "manager"), (False, "client")}


def test_where_clients_are_kept_apart_they_do_not_read_each_other(made, tables):
    clara, oriol = (made.session(made.log_in(f"{name}@sample.studio", "any")) for name in ("clara", "oriol"))
    other = oriol.whoami()["id"]
    clients = {row["id"] for row in tables.persons.values() if row["role"] == "client"}
    for comment in tables.comments.values():
        if comment["person_id"] in clients:
            comment["person_id"] = other
    of_oriol = [row for row in clara.comments(list(tables.tasks)) if row["person_id"] == other]
    assert of_oriol
    for project in tables.projects.values():
        project["is_clients_isolated"] = True
    apart = made.session(made.log_in("clara@sample.studio", "any")).comments(list(tables.tasks))
    assert apart
    assert not [row for row in apart if row["person_id"] == other and not row["for_client"]]
    assert [row for row in oriol.comments(list(tables.tasks)) if row["person_id"] == other]


def test_it_has_remarks_that_are_hard_to_print(tables):
    remarks = " ".join(row["text"] for row in tables.comments.values())
    for hard in ("<img", '"', "{frame_in}", "&", "**", "🙂", "لمسة"):
        assert hard in remarks
