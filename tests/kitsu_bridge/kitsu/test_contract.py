"""What a Kitsu does, whichever it is: the same for the sample studio and for a real Zou."""

from __future__ import annotations

import uuid

import pytest

from kitsu_bridge.kitsu.errors import KitsuForbids, NotInKitsu, SignInRefused, TokenRejected
from kitsu_bridge.kitsu.people import ROLES, Person

UNKNOWN = str(uuid.uuid4())


def ids(rows):
    return {row["id"] for row in rows}


def one_project(bot):
    """The production with the most tasks."""
    return max(bot.projects(), key=lambda row: len(bot.project_tasks(row["id"])))


def test_it_works(kitsu):
    bot = kitsu.studio.bot()
    assert bot.whoami()["is_bot"]
    assert kitsu.studio.version()
    assert len(kitsu.all_task_ids()) > 80


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_the_hours_of_a_day(kitsu, role):
    assert kitsu.session(role).organisation()["hours_by_day"] == 8


@pytest.mark.parametrize("role", ROLES)
def test_everybody_signs_in_and_is_themselves(kitsu, role):
    row = kitsu.session(role).whoami()
    person = Person.from_record(row)
    assert (person.email, person.role, person.active, person.is_bot) == (kitsu.emails[role], role, True, False)
    assert person.name


def test_a_wrong_password_is_refused(kitsu):
    with pytest.raises(SignInRefused):
        kitsu.studio.log_in("nobody@studio.test", "wrong")


def test_a_session_that_signed_out_is_nobody_s(kitsu):
    token = kitsu.studio.log_in(kitsu.emails["user"], kitsu.password)
    kitsu.studio.session(token).whoami()
    kitsu.studio.log_out(token)
    with pytest.raises(TokenRejected):
        kitsu.studio.session(token).whoami()
    assert kitsu.session("user").whoami()


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"])
def test_a_token_that_is_none_is_rejected(kitsu, token):
    with pytest.raises(TokenRejected):
        kitsu.studio.session(token).whoami()


def test_tasks_come_with_their_assignees_and_without_what_is_unknown(kitsu):
    wanted = kitsu.all_task_ids()[:100]
    rows = kitsu.studio.bot().tasks([*wanted, UNKNOWN])
    assert ids(rows) == set(wanted)
    for row in rows:
        assert isinstance(row["assignees"], list)
        assert row.keys() >= {"id", "project_id", "task_type_id", "task_status_id", "entity_id", "last_preview_file_id",
                              "due_date", "start_date", "estimation", "duration", "priority", "retake_count"}  # fmt: skip


def test_what_stands_around_tasks_is_there(kitsu):
    bot = kitsu.studio.bot()
    tasks = bot.tasks(kitsu.all_task_ids())
    entities = bot.entities([row["entity_id"] for row in tasks])
    assert ids(entities) == {row["entity_id"] for row in tasks}
    assert {row["entity_type_id"] for row in entities} <= ids(bot.entity_types())
    assert {row["task_type_id"] for row in tasks} <= ids(bot.task_types())
    assert {row["task_status_id"] for row in tasks} <= ids(bot.task_statuses())
    assert {row["project_id"] for row in tasks} <= ids(bot.projects())
    assert {person for row in tasks for person in row["assignees"]} <= ids(bot.persons())
    assert {"Shot", "Sequence", "Episode", "Edit", "Concept"} <= {row["name"] for row in bot.entity_types()}


def test_the_context_has_what_pages_start_from(kitsu):
    context = kitsu.session("admin").context()
    assert context.keys() >= {"projects", "task_types", "task_status", "persons", "departments", "asset_types",
                              "custom_actions", "project_roles"}  # fmt: skip
    assert context["projects"]
    assert {"color", "short_name", "is_done", "is_retake"} <= context["task_status"][0].keys()


def test_the_context_is_for_people(kitsu):
    with pytest.raises(KitsuForbids):
        kitsu.studio.bot().context()
    assert ids(kitsu.studio.bot().open_projects()) == ids(kitsu.studio.bot().projects())
    assert ids(kitsu.session("user").open_projects()) == ids(kitsu.session("user").projects())


@pytest.mark.parametrize("for_entity", ["Shot", "Asset", "Sequence", "Episode", "Edit", "Concept"])
def test_entities_of_a_project_by_kind(kitsu, for_entity):
    bot = kitsu.studio.bot()
    found = [row for project in bot.projects() for row in bot.project_entities(project["id"], for_entity)]
    assert found
    names = {row["id"]: row["name"] for row in bot.entity_types()}
    kinds = {names[row["entity_type_id"]] for row in bot.entities([row["id"] for row in found])}
    assert kinds == {for_entity} or (for_entity == "Asset" and not kinds & {"Shot", "Sequence", "Episode"})


def test_comments_previews_and_time_spent(kitsu):
    bot, tasks = kitsu.studio.bot(), kitsu.all_task_ids()
    comments, previews, spent = bot.comments(tasks), bot.task_previews(tasks), bot.time_spents(tasks)
    assert {row["object_id"] for row in comments} <= set(tasks)
    assert comments[0].keys() >= {"text", "person_id", "task_status_id", "created_at"}
    assert {row["task_id"] for row in previews} <= set(tasks)
    assert previews[0].keys() >= {"revision", "extension"}
    assert spent[0].keys() >= {"task_id", "person_id", "date", "duration"}
    assert ids(bot.preview_files([previews[0]["id"], UNKNOWN])) == {previews[0]["id"]}


def test_casting_of_shots(kitsu):
    bot = kitsu.studio.bot()
    project = next(row["id"] for row in bot.projects() if bot.project_entities(row["id"], "Asset")
                   and bot.project_entities(row["id"], "Shot"))  # fmt: skip
    shots = bot.entities([row["id"] for row in bot.project_entities(project, "Shot")])
    asset = bot.project_entities(project, "Asset")[0]
    bot.set_casting(project, shots[0]["id"], [{"asset_id": asset["id"], "nb_occurences": 2, "label": ""}])
    casting = bot.casting(shots)
    assert casting
    assert set(casting) <= ids(shots)
    rows = next(iter(casting.values()))
    assert rows[0].keys() >= {"asset_id", "asset_name", "nb_occurences"}


def test_a_team_says_who_is_what_in_it(kitsu):
    bot = kitsu.studio.bot()
    roles = {row["project_role"] for project in bot.projects() for row in bot.team(project["id"])}
    assert None in roles
    assert roles & {"supervisor", "user", "manager"}


@pytest.mark.parametrize("read", ["team", "project_tasks"])
def test_a_project_that_is_none_is_said_so(kitsu, read):
    with pytest.raises(NotInKitsu):
        getattr(kitsu.studio.bot(), read)(UNKNOWN)


def test_people_see_only_their_productions(kitsu):
    bot = kitsu.studio.bot()
    for role in ("manager", "supervisor", "user"):
        session = kitsu.session(role)
        mine = ids(session.projects())
        me = session.whoami()["id"]
        assert mine == {project["id"] for project in bot.projects() if me in ids(bot.team(project["id"]))}
        assert {row["project_id"] for row in session.tasks(kitsu.all_task_ids())} <= mine
        for project in bot.projects():
            if project["id"] not in mine:
                with pytest.raises(KitsuForbids):
                    session.project_tasks(project["id"])


def test_a_vendor_sees_only_assigned_tasks(kitsu):
    session = kitsu.session("vendor")
    me = session.whoami()["id"]
    rows = session.tasks(kitsu.all_task_ids())
    everything = kitsu.studio.bot().tasks(kitsu.all_task_ids())
    assert ids(rows) == {row["id"] for row in everything if me in row["assignees"]}
    assert 0 < len(rows) < len(everything)
    assert {row["object_id"] for row in session.comments(kitsu.all_task_ids())} <= ids(rows)


def test_a_client_gets_the_studio_s_fields_blank(kitsu):
    rows = kitsu.session("client").tasks(kitsu.all_task_ids())
    assert rows
    for row in rows:
        assert (row["assignees"], row["estimation"], row["due_date"], row["priority"]) == ([], 0, None, 0)


def test_a_client_meets_only_people_of_their_productions(kitsu):
    bot, session = kitsu.studio.bot(), kitsu.session("client")
    teams = {row["id"] for project in session.projects() for row in bot.team(project["id"])}
    assert ids(session.persons()) == teams
    assert all("email" not in row for row in session.persons())


def test_project_roles_are_told(kitsu):
    roles = kitsu.session("user").context()["project_roles"]
    assert "supervisor" in roles.values()


def test_custom_actions_are_the_studio_managers(kitsu):
    admin = kitsu.session("admin")
    made = admin.create_custom_action(
        {"name": "Contract", "url": "https://bridge.example/run/x/", "entity_type": "shot", "is_ajax": True}
    )
    try:
        assert made["id"] in ids(admin.custom_actions())
        changed = admin.update_custom_action(made["id"], {"name": "Changed", "is_ajax": False})
        assert (changed["name"], changed["is_ajax"], changed["url"]) == ("Changed", False, made["url"])
        for role in ("manager", "user"):
            with pytest.raises(KitsuForbids):
                kitsu.session(role).create_custom_action({"name": "No", "url": "", "entity_type": "all"})
            with pytest.raises(KitsuForbids):
                kitsu.session(role).delete_custom_action(made["id"])
    finally:
        admin.delete_custom_action(made["id"])
    assert made["id"] not in ids(admin.custom_actions())
    admin.delete_custom_action(made["id"])
    with pytest.raises(NotInKitsu):
        admin.update_custom_action(made["id"], {"name": "Gone"})
