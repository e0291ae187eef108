"""What a Kitsu lets people write, whichever it is: the same for the sample studio and for a real Zou."""

from __future__ import annotations

import uuid
from contextlib import suppress

import pytest

from kitsu_bridge.kitsu.errors import FileUnreadable, KitsuForbids, KitsuRefuses, NotInKitsu, TooLarge
from kitsu_bridge.kitsu.people import ROLES, Person
from kitsu_bridge.kitsu.sample.pictures import PNG, draw
from kitsu_bridge.kitsu.visibility import seen_by

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


HOSTILE = {
    "markup": "<script>alert('x')</script> \"quotes\" & 'apostrophes' `ticks` {task_id} {{7*7}} %s %00",
    "other scripts": "تجربة 測試 🎬👩‍🎨 e\u0301 \u202egnp.exe",
    "lines": "one\r\ntwo\n\n\ttabbed \\ backslash \\u0000 spelled out",
    "long": "ten thousand " * 770,
    "like SQL": "'; DROP TABLE comment; -- %(name)s :param ${x}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_keeps_every_text_as_it_is(writing, text):
    session, task = writing.session("manager"), shots(writing)[3]
    said = draft(
        task, text, checklist=[{"text": text[:200], "checked": False}], links=[f"https://example.test/?q={text[:20]}"]
    )
    row = session.post_comment(said)
    found = next(one for one in session.comments([task["id"]]) if one["id"] == row["id"])
    assert (found["text"], found["checklist"], found["links"]) == (text, said["checklist"], said["links"])


def test_it_leaves_out_what_a_database_cannot_keep(writing):
    session, task = writing.session("manager"), shots(writing)[3]
    rows = session.post_comments([draft(task, "nul \0 and half \ud83d of a pair")])
    assert rows[0]["text"] == "nul  and half ? of a pair"
    session.update_entity_data(task["entity_id"], {"weather": "\0fog"})
    assert session.entities([task["entity_id"]])[0]["data"]["weather"] == "fog"


def test_it_takes_files_with_a_comment(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[3]
    files = [tmp_path / name for name in ("notes 'é'.txt", 'a\nb".txt', f"{'long' * 60}.txt")]
    for one in files:
        one.write_bytes(b"0123456789" * 30_000)
    row = session.post_comment(draft(task, "See the files", checklist=[{"text": "Read", "checked": False}]), files)
    assert (row["text"], row["checklist"]) == ("See the files", [{"text": "Read", "checked": False}])
    assert row["person_id"] == session.whoami()["id"]
    assert [one["size"] for one in row["attachment_files"]] == [300_000] * 3
    assert row["attachment_files"][0]["name"] == "notes 'é'.txt"


def test_it_says_so_when_a_file_cannot_be_read(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[3]
    with pytest.raises(FileUnreadable):
        session.post_comment(draft(task), [tmp_path / "gone.mov"])


def test_it_writes_to_many_and_names_each_that_was_not_taken(writing):
    mine = {row["id"] for row in shots(writing, "vendor")}
    tasks = shots(writing)
    session, person = writing.session("vendor"), writing.session("vendor").whoami()["id"]
    rows = session.post_comments([draft(row) for row in tasks])
    assert {row["object_id"] for row in rows} == mine & {row["id"] for row in tasks}
    assert {row["person_id"] for row in rows} == {person}
    assert set(rows.refused) == {row["id"] for row in tasks} - mine
    assert all(rows.refused.values())
    assert session.unassign([row["id"] for row in tasks], UNKNOWN) == []
    assert session.set_priority([row["id"] for row in tasks], 3) == []


def test_it_writes_nothing_where_nothing_may_be(writing):
    session, tasks = writing.session("user"), shots(writing)[:3]
    done = next(row for row in writing.studio.bot().task_statuses() if row["is_done"])
    person = session.whoami()["id"]
    writing.studio.bot().unassign([row["id"] for row in tasks], person)
    before = writing.studio.bot().comments([row["id"] for row in tasks])
    with pytest.raises(KitsuForbids):
        session.post_comments([draft(row, task_status_id=done["id"]) for row in tasks])
    assert len(writing.studio.bot().comments([row["id"] for row in tasks])) == len(before)


def test_it_lets_who_was_mentioned_answer_and_nothing_else(writing):
    session, bot = writing.session("user"), writing.studio.bot()
    me, tasks = session.whoami(), shots(writing, "user")
    told = {row["object_id"] for row in bot.comments([row["id"] for row in tasks]) if me["id"] in row["mentions"]}
    task = next(row for row in tasks if row["id"] not in told)
    bot.unassign([task["id"]])
    with pytest.raises(KitsuForbids):
        session.post_comment(draft(task))
    bot.post_comment(draft(task, f"@{me['full_name']} what do you think?"))
    assert session.post_comment(draft(task))["person_id"] == me["id"]
    other = next(row["id"] for row in bot.task_statuses() if row["id"] != task["task_status_id"])
    with pytest.raises(KitsuForbids):
        session.post_comment(draft(task, task_status_id=other))


def test_it_writes_in_another_s_name_for_managers_alone(writing):
    artist, task = writing.session("user").whoami()["id"], shots(writing, "user")[0]
    bot = writing.studio.bot()
    bot.assign([task["id"]], artist)
    assert writing.session("manager").post_comment(draft(task, person_id=artist))["person_id"] == artist
    boss = writing.session("manager").whoami()["id"]
    assert writing.session("user").post_comment(draft(task, person_id=boss))["person_id"] == artist
    assert not writing.session("user").post_comment(draft(task, for_client=True))["for_client"]
    assert writing.session("manager").post_comment(draft(task, for_client=True))["for_client"]


def test_it_counts_retakes_and_remembers_when_work_began(writing):
    session, task = writing.session("manager"), shots(writing)[4]
    for short in ("todo", "retake", "retake", "wip", "retake", "done"):
        session.post_comment(draft(task, task_status_id=status(writing, short)["id"]))
    after = writing.studio.bot().tasks([task["id"]])[0]
    assert after["retake_count"] == task["retake_count"] + 2
    assert after["real_start_date"]
    assert after["done_date"]
    session.post_comment(draft(task, task_status_id=status(writing, "wip")["id"]))
    assert not writing.studio.bot().tasks([task["id"]])[0]["done_date"]


@pytest.mark.parametrize("write", [
    lambda s: s.post_comment({"object_id": UNKNOWN, "project_id": UNKNOWN, "task_status_id": UNKNOWN, "comment": ""}),
    lambda s: s.update_task(UNKNOWN, {"due_date": "2026-01-01"}),
    lambda s: s.set_time_spent(UNKNOWN, UNKNOWN, "2026-01-01", 10),
    lambda s: s.update_entity_data(UNKNOWN, {"weather": "fog"}),
    lambda s: s.add_to_playlist(UNKNOWN, [{"entity_id": UNKNOWN}]),
    lambda s: s.playlist_row(UNKNOWN),
    lambda s: s.create_preview(UNKNOWN, UNKNOWN),
    lambda s: s.set_main_preview(UNKNOWN),
    lambda s: s.thumbnail(UNKNOWN),
    lambda s: b"".join(s.preview_content({"id": UNKNOWN}, 1000)),
], ids=["comment", "task", "time", "entity", "add", "playlist", "preview", "main", "thumbnail", "content"])  # fmt: skip
def test_it_knows_nothing_by_an_id_that_is_nobody_s(writing, write):
    with pytest.raises((NotInKitsu, KitsuForbids)):
        write(writing.session("manager"))


def test_it_assigns_nobody_who_is_nobody(writing):
    tasks = [row["id"] for row in shots(writing)[:2]]
    with pytest.raises((KitsuRefuses, NotInKitsu)):
        writing.session("manager").assign(tasks, UNKNOWN)
    assert writing.session("admin").assign(tasks, writing.studio.bot().whoami()["id"]) == []


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-13-01", 5), ("today", 5), ("", 5), ("2026-01-01", 0), ("2026-01-01", -5)]
)
def test_it_takes_no_time_that_is_none(writing, day, minutes):
    session, task = writing.session("manager"), shots(writing)[2]
    person = writing.session("user").whoami()["id"]
    session.assign([task["id"]], person)
    with pytest.raises(KitsuRefuses):
        session.set_time_spent(task["id"], person, day, minutes)


def test_it_refuses_a_name_that_is_too_long_and_a_second_one_in_an_episode(writing):
    session = writing.session("admin")
    show = next(row for row in session.projects() if row["production_type"] == "tvshow")
    episode = session.project_entities(show["id"], "Episode")[0]
    data = {"name": f"Dailies {uuid.uuid4()}", "project_id": show["id"], "episode_id": episode["id"]}
    with pytest.raises(KitsuRefuses):
        session.create_playlist(data | {"name": "x" * 81})
    with pytest.raises(KitsuRefuses):
        session.create_playlist(data | {"for_entity": "concept"})
    first = session.create_playlist(data | {"for_client": True})
    assert (first["episode_id"], first["for_client"]) == (episode["id"], True)
    with pytest.raises(KitsuRefuses):
        session.create_playlist(data)
    outside = {"name": data["name"], "project_id": show["id"]}
    assert session.create_playlist(outside)["id"] != session.create_playlist(outside)["id"]


def test_it_lists_more_playlists_than_one_page_has(writing):
    session, project_id = writing.session("manager"), shots(writing)[0]["project_id"]
    made = {session.create_playlist({"name": f"Page {n}", "project_id": project_id})["id"] for n in range(23)}
    rows = session.playlists(project_id)
    assert made <= {row["id"] for row in rows}
    assert len({row["id"] for row in rows}) == len(rows)


def test_it_takes_the_latest_preview_and_none_of_another_entity(writing, tmp_path):
    session, tasks = writing.session("manager"), shots(writing)
    one, two = published(session, tasks[0], tmp_path), published(session, tasks[0], tmp_path)
    other = next(row for row in tasks if row["entity_id"] != tasks[0]["entity_id"])
    made = session.create_playlist({"name": "Latest", "project_id": tasks[0]["project_id"]})
    entries = [{"entity_id": tasks[0]["entity_id"], "preview_file_id": one["id"]},
               {"entity_id": tasks[0]["entity_id"]},
               {"entity_id": other["entity_id"], "preview_file_id": one["id"]}]  # fmt: skip
    shots_in = session.add_to_playlist(made["id"], entries)["shots"]
    assert [row["preview_file_id"] for row in shots_in[:2]] == [one["id"], two["id"]]
    assert shots_in[2].get("preview_file_id") != one["id"]


def published(session, task, folder):
    path = folder / "frame.png"
    path.write_bytes(draw(task["id"], 64, 36))
    made = session.create_preview(task["id"], session.post_comment(draft(task))["id"])
    return session.upload_preview(made["id"], path)


def test_it_counts_revisions_and_shows_the_last_one(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[5]
    first, second = published(session, task, tmp_path), published(session, task, tmp_path)
    assert second["revision"] == first["revision"] + 1
    assert session.tasks([task["id"]])[0]["last_preview_file_id"] == second["id"]
    comment = next(row for row in session.comments([task["id"]]) if second["id"] in str(row["previews"]))
    more = session.create_preview(task["id"], comment["id"])
    assert (more["revision"], more["position"]) == (second["revision"], 2)


def test_it_takes_a_file_once_and_of_a_known_kind(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[5]
    made = published(session, task, tmp_path)
    with pytest.raises(KitsuRefuses):
        session.upload_preview(made["id"], tmp_path / "frame.png")
    odd = tmp_path / "script.sh"
    odd.write_text("#!/bin/sh\n")
    place = session.create_preview(task["id"], session.post_comment(draft(task))["id"])
    with pytest.raises(KitsuRefuses):
        session.upload_preview(place["id"], odd)
    assert session.preview_files([place["id"]]) == []


def test_it_gives_back_a_file_that_is_no_picture(writing, tmp_path):
    session, task = writing.session("manager"), shots(writing)[5]
    scene = tmp_path / "scene.ma"
    scene.write_bytes(bytes(range(256)) * 4000)
    place = session.create_preview(task["id"], session.post_comment(draft(task))["id"])
    row = session.upload_preview(place["id"], scene)
    assert row["extension"] == "ma"
    assert b"".join(session.preview_content(row, 10**7)) == scene.read_bytes()
    with pytest.raises(NotInKitsu):
        session.thumbnail(place["id"])


def test_it_has_nothing_where_no_file_came_yet(writing):
    session, task = writing.session("manager"), shots(writing)[5]
    place = session.create_preview(task["id"], session.post_comment(draft(task))["id"])
    with pytest.raises(NotInKitsu):
        session.thumbnail(place["id"])
    with pytest.raises(NotInKitsu):
        session.preview_content(place, 1000)


def test_it_reads_casting_as_it_was_set(writing):
    session, task = writing.session("manager"), shots(writing)[0]
    asset = session.project_entities(task["project_id"], "Asset")[0]
    said = [{"asset_id": asset["id"], "nb_occurences": 2, "label": "fixed <b>"}]
    rows = session.set_casting(task["project_id"], task["entity_id"], said)
    assert [(row["asset_id"], row["asset_name"], row["nb_occurences"], row["label"]) for row in rows] == [
        (asset["id"], asset["name"], 2, "fixed <b>")
    ]
    (entity,) = session.entities([task["entity_id"]])
    assert session.casting([entity])[entity["id"]][0]["asset_id"] == asset["id"]
    assert session.set_casting(task["project_id"], task["entity_id"], []) == []
    assert session.casting([entity]) == {}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_s_own_session_seen_by_the_rules_works(writing, role):
    """As the worker has it: their own token, held to what they may see."""
    person = Person.from_record(writing.session(role).whoami())
    session = seen_by(writing.session(role), person, own=True)
    task = next(iter(session.tasks(writing.all_task_ids())))
    writing.studio.bot().assign([task["id"]], person.id)
    assert (
        session.post_comments([draft(task | {"task_status_id": status(writing, "wip")["id"]})])[0]["person_id"]
        == person.id
    )
    assert session.unassign([task["id"]], person.id) == [task["id"]]
    with suppress(KitsuForbids, NotInKitsu):
        session.assign([task["id"]], person.id)


@pytest.mark.parametrize("role", ["admin", "manager", "supervisor"])
def test_it_signs_with_the_name_of_whoever_writes(writing, role):
    session = writing.session(role)
    me = session.whoami()["id"]
    task = shots(writing, role)[0]
    writing.studio.bot().assign([task["id"]], me)
    comment = session.post_comment(draft(task))
    assert comment["person_id"] == me
    assert session.create_preview(task["id"], comment["id"])["person_id"] == me
    assert session.create_playlist({"name": "Signed", "project_id": task["project_id"]})["created_by"] == me


def test_whoever_gets_tasks_joins_the_team_of_each_production(writing):
    bot, session = writing.studio.bot(), writing.session("admin")
    projects = sorted((row["id"] for row in bot.projects()), key=lambda one: len(bot.project_tasks(one)))[:2]
    person = next(row["id"] for row in bot.persons() if row["role"] == "admin" and not row["is_bot"])
    if not writing.studio.is_sample:
        for one in projects:
            with suppress(KitsuRefuses, NotInKitsu):
                bot._send("DELETE", f"data/projects/{one}/team/{person}")
    assert not any(person in {row["id"] for row in bot.team(one)} for one in projects)
    tasks = [bot.project_tasks(one)[0]["id"] for one in projects]
    assert set(session.assign(tasks, person)) == set(tasks)
    assert all(person in {row["id"] for row in bot.team(one)} for one in projects)
