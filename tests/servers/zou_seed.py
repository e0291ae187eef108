"""Fills a fresh Zou. Run by Zou's own Python, with its services: rows are what Zou itself would make of them.

Prints one line of JSON: the bot's token and the ids that tests ask for. Everybody's password is SEED_PASSWORD.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zou.app import app, config, db
from zou.app.models.comment import Comment
from zou.app.models.department import Department
from zou.app.models.entity import Entity
from zou.app.models.news import News
from zou.app.models.person import Person
from zou.app.models.project import Project, ProjectPersonLink
from zou.app.models.task import Task
from zou.app.models.task_status import TaskStatus
from zou.app.models.task_type import TaskType
from zou.app.services import (
    assets_service,
    breakdown_service,
    comments_service,
    concepts_service,
    edits_service,
    entity_types_service,
    files_service,
    metadata_descriptors_service,
    persons_service,
    projects_service,
    shots_service,
    tasks_service,
    time_spents_service,
)
from zou.app.utils import auth

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

PEOPLE = {
    # e-mail name: role, in the team of which productions (with the role there, or None for their own)
    "admin": ("admin", {}),
    "manager": ("manager", {"short": None, "show": None}),
    "supervisor": ("supervisor", {"short": None, "show": "user"}),
    "artist": ("user", {"short": None, "show": "supervisor"}),
    "client": ("client", {"short": None}),
    "vendor": ("vendor", {"short": None}),
    "outsider": ("user", {}),
    "totp": ("user", {"short": None}),
    "lead": ("supervisor", {"short": None}),
    "painter": ("user", {"short": None}),
    "head": ("manager", {"counted": None}),
    "noa": ("user", {"counted": None}),
    "juno": ("user", {"counted": None}),
}

PROJECTS = {
    "short": ("Lantern <i>&amp;</i>", "short"),
    "show": ("Kettle", "tvshow"),
    "film": ("Tide", "featurefilm"),
    "counted": ("Zoetrope", "shots"),
}

COUNTED = (
    # episode, shot, which task type; statuses; sent and done (weeks ago, day of the week); people; estimated hours;
    # spent (who, weeks ago, day of the week, hours); due in days
    ("E01", "SH01", 0, "wip wfa retake wfa done", (2, 0), (2, 1), "noa", 8,
     [("noa", 3, 0, 6), ("noa", 2, 0, 4)], -10),
    ("E01", "SH01", 1, "wip wfa", 5, None, "noa juno", 16, [("juno", 1, 0, 2)], 0),
    ("E01", "SH02", 0, "wip wfa retake wfa retake", None, None, "juno", 8, [("juno", 1, 1, 12)], -3),
    ("E01", "SH02", 1, "", None, None, "", 0, [], None),
    ("E01", "SH03", 0, "wip done", None, (1, 0), "noa", 8, [], -1),
    ("E02", "SH01", 0, "done", None, (1, 2), "noa", 4, [], -8),
    ("E02", "SH01", 1, "wip", None, None, "noa", 40, [], 30),
    ("", "Crow", 0, "wip wfa done", (3, 3), (3, 4), "juno", 0, [("juno", 3, 3, 8)], None),
)  # fmt: skip
"""What figures are counted on (tests/actions/figures/test_zou.py); the third shot is cancelled."""

CAME_BACK = {("E01", "SH01", 0): [(3, 1)], ("E01", "SH02", 0): [(2, 0), (1, 4)]}
"""When (weeks ago, day of the week), for what came back."""

OF_A_DEPARTMENT = ("lead", "painter")
"""They are of the department of the first task type for shots; nobody else is of any."""


def main() -> None:
    """Make everything, print what tests ask for."""
    with app.app_context():
        made = {"people": people(), "projects": {name: project(name) for name in PROJECTS}}
        teams(made)
        for name, fill in (("short", fill_short), ("show", fill_show), ("film", fill_film), ("counted", fill_counted)):
            fill(made["projects"][name], made["people"])
        db.session.commit()
        print(json.dumps({**made, "bot_token": bot(), "totp_secret": TOTP_SECRET}))


def people() -> dict[str, str]:
    """One person for each role, an outsider, and one with two-factor authentication."""
    password = auth.encrypt_password(os.environ["SEED_PASSWORD"])
    ids = {}
    for name, (role, _) in PEOPLE.items():
        last = '<b>O\'Seed</b> "Quote" ليلى' if name == "artist" else "Seed"
        made = persons_service.create_person(f"{name}@studio.test", password, name.title(), last, role=role)
        ids[name] = made["id"]
    for name in OF_A_DEPARTMENT:
        Person.get(ids[name]).update({"departments": [department()]})
    person = Person.get(ids["totp"])
    person.update({"totp_enabled": True, "totp_secret": TOTP_SECRET, "preferred_two_factor_authentication": "totp"})
    return ids


def department() -> Department:
    """The department of the first task type for shots."""
    return Department.get(shot_types()[0].department_id)


def shot_types() -> list[TaskType]:
    """Task types for shots, in the order of the pipeline."""
    return TaskType.query.filter_by(for_entity="Shot").order_by(TaskType.priority).all()


def bot() -> str:
    """A bot with the role of a studio manager; its token is shown once."""
    made = persons_service.create_person(
        "bridge@studio.test", None, "Kitsu Bridge", "Bot", role="admin", is_bot=True
    )  # fmt: skip
    return made["access_token"]


def project(name: str) -> str:
    """One production."""
    title, kind = PROJECTS[name]
    status = projects_service.get_or_create_open_status()
    made = Project.create(name=title, production_type=kind, project_status_id=status["id"])
    return str(made.id)


def teams(made: dict) -> None:
    """Who is where, and as what."""
    for name, (_, projects) in PEOPLE.items():
        for project_name, role in projects.items():
            link = ProjectPersonLink(
                project_id=made["projects"][project_name], person_id=made["people"][name], role=role
            )
            db.session.add(link)
    db.session.commit()


def fill_short(project_id: str, persons: dict[str, str]) -> None:
    """Sequences, shots with work on them, assets, an edit."""
    shots = []
    for number in range(1, 5):
        sequence = shots_service.create_sequence(project_id, None, f"SQ{number:02}")
        for shot in range(1, 6):
            name = "SH <script>alert(1)</script>" if (number, shot) == (1, 1) else f"SH{shot * 10:04}"
            data = {"frame_in": "1001", "frame_out": "1048", "odd": {"deep": [1, 2, {"x": None}]}}
            by = persons["painter"] if (number, shot) == (2, 1) else None
            made = shots_service.create_shot(project_id, sequence["id"], name, data=data, nb_frames=48, created_by=by)
            shots.append(made)
    tasks = tasks_for("Shot", shots)
    assets = [asset(project_id, kind, name) for kind, name in (("Characters", "Keeper"), ("Props", "Rope & Hook"))]
    tasks_for("Asset", assets)
    tasks_for("Edit", [edits_service.create_edit(project_id, "Animatic")])
    breakdown_service.update_casting(shots[0]["id"], [{"asset_id": a["id"], "nb_occurences": 2} for a in assets])
    work_on(tasks, persons)
    fields(project_id)


def fields(project_id: str) -> None:
    """Custom fields of shots: of a department, of none, one for clients; and a status that only leads may use."""
    own, other = str(department().id), str(Department.query.filter(Department.id != department().id).first().id)
    for name, for_client, departments in (("Weather", False, [own]), ("Crowd", False, [other]), ("Camera", True, [])):
        metadata_descriptors_service.add_metadata_descriptor(
            project_id, "Shot", name, "string", [], for_client, departments
        )
    TaskStatus.create(
        name="Locked", short_name="locked", color="#333333", is_artist_allowed=False, is_client_allowed=False
    )


def fill_show(project_id: str, persons: dict[str, str]) -> None:
    """Two episodes with a sequence each, and an asset that belongs to one."""
    for number in (1, 2):
        episode = shots_service.create_episode(project_id, f"E{number:02}")
        sequence = shots_service.create_sequence(project_id, episode["id"], "SQ01")
        shots = [shots_service.create_shot(project_id, sequence["id"], f"SH{n:02}", nb_frames=24) for n in range(1, 5)]
        tasks_for("Shot", shots)
        tasks_for("Sequence", [sequence])
        tasks_for("Episode", [episode])
        tasks_for("Asset", [asset(project_id, "Props", f"Guest {number}", source_id=episode["id"])])


def fill_film(project_id: str, persons: dict[str, str]) -> None:
    """A feature in preparation: concepts."""
    tasks_for("Concept", [concepts_service.create_concept(project_id, f"Mood {n}") for n in (1, 2, 3)])


def fill_counted(project_id: str, persons: dict[str, str]) -> None:
    """A small production whose every number is known: what its figures must say was counted by hand."""
    Project.get(project_id).update({"fps": "24"})
    shots = {("E01", "SH01"): 48, ("E01", "SH02"): 96, ("E01", "SH03"): 240, ("E02", "SH01"): 120}
    episodes = {name: shots_service.create_episode(project_id, name) for name in ("E01", "E02")}
    parents = {name: shots_service.create_sequence(project_id, one["id"], "SQ01") for name, one in episodes.items()}
    made = {
        (episode, name): shots_service.create_shot(project_id, parents[episode]["id"], name, nb_frames=frames)
        for (episode, name), frames in shots.items()
    } | {("", "Crow"): asset(project_id, "Props", "Crow")}
    of_shots, of_assets = (
        shot_types()[:2],
        TaskType.query.filter_by(for_entity="Asset").order_by(TaskType.priority).all(),
    )
    for episode, name, which, *rest in COUNTED:
        task_type = (of_shots if episode else of_assets)[which]
        (task,) = tasks_service.create_tasks(task_type.serialize(), [made[episode, name]])
        happened(task["id"], persons, *rest)
        came_back(task["id"], CAME_BACK.get((episode, name, which), []))
    Entity.get(made["E01", "SH03"]["id"]).update({"canceled": True})


def happened(task_id, persons, statuses, sent, done, people, estimated, spent, due) -> None:
    """What became of a task: by Zou's own services, and then moved to the days on which it is to have happened."""
    for name in people.split():
        tasks_service.assign_task(task_id, persons[name], persons["head"])
    for name in statuses.split():
        comments_service.create_comment(
            persons["head"], task_id, TaskStatus.get_by(short_name=name).serialize()["id"], ""
        )
    for name, weeks, day, hours in spent:
        on = week_day(weeks, day).date().isoformat()
        time_spents_service.create_or_update_time_spent(task_id, persons[name], on, hours * 60)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    Task.get(task_id).update(
        {"estimation": estimated * 60}
        | ({"due_date": datetime.combine(today() + timedelta(days=due), time())} if due is not None else {})
        | ({"end_date": week_day(*sent) if isinstance(sent, tuple) else now - timedelta(days=sent)} if sent else {})
        | ({"done_date": week_day(*done)} if done else {})
    )


def came_back(task_id, moments) -> None:
    """The news of its retakes, on these days."""
    retake = TaskStatus.get_by(short_name="retake")
    told = News.query.join(Comment, News.comment_id == Comment.id).filter(Comment.task_status_id == retake.id)
    for news, at in zip(told.filter(News.task_id == task_id).all(), moments, strict=True):
        news.update({"created_at": week_day(*at)})


def week_day(weeks: int, day: int) -> datetime:
    """Noon of a day of the week (0 is Monday) so many weeks ago."""
    monday = today() - timedelta(days=today().weekday())
    return datetime.combine(monday + timedelta(days=day - 7 * weeks), time(12))


def today() -> date:
    """The day where these people are: in the zone that Zou gives to everybody."""
    return datetime.now(ZoneInfo(config.DEFAULT_TIMEZONE)).date()


def asset(project_id: str, kind: str, name: str, **more: str) -> dict:
    """One asset, its type made when it is not there."""
    asset_type = entity_types_service.get_or_create_asset_type(kind)
    return assets_service.create_asset(project_id, asset_type["id"], name, "", {"style": "flat"}, **more)


def tasks_for(for_entity: str, entities: list[dict]) -> list[dict]:
    """Up to three tasks on each of these entities."""
    types = TaskType.query.filter_by(for_entity=for_entity).order_by(TaskType.priority).limit(3).all()
    if not types:
        types = [TaskType.create(name=f"{for_entity} work", for_entity=for_entity, color="#123456", short_name="w")]
    return [task for one in types for task in tasks_service.create_tasks(one.serialize(), entities)]


def work_on(tasks: list[dict], persons: dict[str, str]) -> None:
    """Assignments, comments that change the status, previews, time spent."""
    wip = TaskStatus.get_by(short_name="wip").serialize()
    for number, task in enumerate(tasks):
        tasks_service.assign_task(task["id"], persons["artist"], persons["supervisor"])
        if number % 7 == 0:
            tasks_service.assign_task(task["id"], persons["vendor"], persons["supervisor"])
        if number < 12:
            text = "<img src=x onerror=alert(1)> {task_id} 🙂"
            comments_service.create_comment(persons["artist"], task["id"], wip["id"], text)
            time_spents_service.create_or_update_time_spent(task["id"], persons["artist"], "2026-01-15", 60 + number)
            preview = files_service.create_preview_file(f"v{number}", 1, task["id"], persons["artist"])
            Task.get(task["id"]).update({"last_preview_file_id": preview["id"], "estimation": 480})


main()
