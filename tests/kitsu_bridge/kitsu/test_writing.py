"""What a Kitsu lets people write, whichever it is: the same for the sample studio and for a real Zou."""

from __future__ import annotations

import uuid

import pytest

from kitsu_bridge.kitsu.errors import KitsuForbids, KitsuRefuses, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.sample.pictures import PNG, draw

UNKNOWN = str(uuid.uuid4())


def shots(kitsu, role="manager"):
    """Tasks on shots that somebody of this role sees, in one production."""
    rows = kitsu.session(role).tasks(kitsu.all_task_ids())
    project_id = max({row["project_id"] for row in rows}, key=lambda one: sum(row["project_id"] == one for row in rows))
    return kitsu.studio.bot().tasks([row["id"] for row in rows if row["project_id"] == project_id])


def status(kitsu, short):
    return next(row for row in kitsu.studio.bot().task_statuses() if row["short_name"] == short)


def draft(task, text="Looks good", **more):
    return {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": task["task_status_id"],
            "comment": text, **more}  # fmt: skip


def test_it_works(writing):
    session, task = writing.session("manager"), shots(writing)[0]
    wfa = status(writing, "wfa")
    (row,) = session.post_comments(
        [draft(task, task_status_id=wfa["id"], checklist=[{"text": "Hands", "checked": True}])]
    )
    after = session.tasks([task["id"]])[0]
    assert (row["object_id"], row["person_id"]) == (task["id"], session.whoami()["id"])
    assert (after["task_status_id"], after["last_comment_date"]) == (wfa["id"], row["created_at"])
    found = next(one for one in session.comments([task["id"]]) if one["id"] == row["id"])
    assert (found["text"], found["checklist"]) == ("Looks good", [{"text": "Hands", "checked": True}])


def test_it_names_what_kitsu_did_not_take(writing):
    session, task = writing.session("manager"), shots(writing)[0]
    rows = session.post_comments([draft(task), draft(task | {"id": UNKNOWN})])
    assert [row["object_id"] for row in rows] == [task["id"]]
    assert set(rows.refused) == {UNKNOWN}


def test_it_refuses_where_nothing_may_be_written(writing):
    mine = {row["id"] for row in shots(writing, "vendor")}
    task = next(row for row in shots(writing) if row["id"] not in mine)
    with pytest.raises((KitsuForbids, NotInKitsu)):
        writing.session("vendor").post_comment(draft(task))


def test_it_assigns_and_unassigns(writing):
    session, tasks = writing.session("manager"), [row["id"] for row in shots(writing)[:3]]
    person = writing.session("user").whoami()["id"]
    assert set(session.assign([*tasks, UNKNOWN], person)) == set(tasks)
    assert all(person in row["assignees"] for row in session.tasks(tasks))
    assert set(session.unassign([*tasks, UNKNOWN], person)) == set(tasks)
    assert not any(person in row["assignees"] for row in session.tasks(tasks))


def test_it_changes_tasks(writing):
    session, task = writing.session("manager"), shots(writing)[1]
    assert session.set_priority([task["id"], UNKNOWN], 2) == [task["id"]]
    row = session.update_task(task["id"], {"start_date": "2026-02-03", "due_date": "2026-02-10", "estimation": 960})
    assert (row["start_date"][:10], row["due_date"][:10], row["estimation"]) == ("2026-02-03", "2026-02-10", 960)
    assert session.tasks([task["id"]])[0]["priority"] == 2


def test_it_says_how_long_somebody_worked(writing):
    session, task = writing.session("manager"), shots(writing)[2]
    person = writing.session("user").whoami()["id"]
    session.assign([task["id"]], person)
    assert session.set_time_spent(task["id"], person, "2026-02-03", 90)["duration"] == 90
    assert session.set_time_spent(task["id"], person, "2026-02-03", 30, add=True)["duration"] == 120
    assert session.set_time_spent(task["id"], person, "2026-02-03", 60)["duration"] == 60
    with pytest.raises(KitsuRefuses):
        session.set_time_spent(task["id"], person, "../../x", 60)


def test_it_changes_custom_fields_and_leaves_the_others(writing):
    session, task = writing.session("manager"), shots(writing)[0]
    before = session.entities([task["entity_id"]])[0]["data"] or {}
    row = session.update_entity_data(task["entity_id"], {"weather": "fog & <b>rain</b>"})
    assert row["data"] == before | {"weather": "fog & <b>rain</b>"}


def test_it_replaces_a_casting(writing):
    session, task = writing.session("manager"), shots(writing)[0]
    assets = session.project_entities(task["project_id"], "Asset")[:2]
    said = [{"asset_id": row["id"], "nb_occurences": 3, "label": "animate"} for row in assets]
    rows = session.set_casting(task["project_id"], task["entity_id"], said)
    assert {(row["asset_id"], row["nb_occurences"]) for row in rows} == {(row["id"], 3) for row in assets}


def test_it_makes_a_playlist(writing):
    session, tasks = writing.session("manager"), shots(writing)[:4]
    project_id = tasks[0]["project_id"]
    made = session.create_playlist({"name": "Review <b>1</b>", "project_id": project_id, "for_entity": "shot"})
    assert made["created_by"] == session.whoami()["id"]
    entries = [{"entity_id": one} for one in dict.fromkeys(row["entity_id"] for row in tasks)]
    session.add_to_playlist(made["id"], entries)
    session.add_to_playlist(made["id"], entries)
    found = session.playlist(project_id, made["id"])
    assert [one["entity_id"] for one in found["shots"]] == [one["entity_id"] for one in entries]
    assert made["id"] in {row["id"] for row in session.playlists(project_id)}


def test_it_publishes_a_picture(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[0]
    picture = tmp_path / 'shot "x" é.v1.png'
    picture.write_bytes(draw("one", 320, 180))
    comment = session.post_comment(draft(task))
    before = max((row["revision"] for row in session.task_previews([task["id"]])), default=0)
    made = session.create_preview(task["id"], comment["id"])
    assert (made["revision"], made["person_id"]) == (before + 1, session.whoami()["id"])
    row = session.upload_preview(made["id"], picture)
    assert (row["extension"], row["original_name"]) == ("png", 'shot "x" é.v1')
    assert b"".join(session.preview_content(row, 10_000_000)).startswith(PNG)
    assert session.thumbnail(made["id"]).startswith(PNG)
    with pytest.raises(TooLarge):
        list(session.preview_content(row, 100))
    assert session.set_main_preview(made["id"])["preview_file_id"] == made["id"]
