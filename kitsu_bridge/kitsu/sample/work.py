"""The work in the sample studio: task types and statuses, about 600 tasks, and who has them."""

from __future__ import annotations

from typing import Any

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.sample.history import add_history, ask_client
from kitsu_bridge.kitsu.sample.people import by_email
from kitsu_bridge.kitsu.sample.productions import ASSET_TYPES, SHORT, SHOW
from kitsu_bridge.kitsu.sample.rows import Tables, an_id
from kitsu_bridge.kitsu.sample.schedule import add_schedule

TASK_TYPES = (
    # name, short name, colour, entity, department; the names and colours are those that `zou init-data` makes (1.0.97)
    ("Concept", "cpt", "#8D6E63", "Asset", "Concept"),
    ("Modeling", "mdl", "#78909C", "Asset", "Modeling"),
    ("Shading", "shd", "#64B5F6", "Asset", "Modeling"),
    ("Rigging", "rig", "#9CCC65", "Asset", "Modeling"),
    ("Storyboard", "sb", "#43A047", "Shot", "Animation"),
    ("Layout", "lay", "#7CB342", "Shot", "Animation"),
    ("Animation", "ani", "#009688", "Shot", "Animation"),
    ("Lighting", "lgt", "#F9A825", "Shot", "Lighting"),
    ("Rendering", "rdr", "#F06292", "Shot", "Lighting"),
    ("Compositing", "cmp", "#FF5252", "Shot", "Compositing"),
    ("Recording", "rec", "#AB47BC", "Sequence", None),
    ("Edit", "edt", "#9B298C", "Edit", None),
    ("Illustration", "ill", "#FF80AB", "Concept", "Concept"),
    ("Writing", "wri", "#5C6BC0", "Episode", None),
)

STATUSES: tuple[tuple[str, str, str, dict[str, bool]], ...] = (
    # As `zou init-data` makes them (1.0.97), with their flags
    ("Todo", "todo", "#f5f5f5", {"is_default": True}),
    ("Work In Progress", "wip", "#3273dc", {"is_wip": True}),
    ("Waiting For Approval", "wfa", "#ab26ff", {"is_feedback_request": True}),
    ("Retake", "retake", "#ff3860", {"is_retake": True}),
    ("Done", "done", "#22d160", {"is_done": True}),
    ("Ready To Start", "ready", "#fbc02d", {}),
)

FLAGS = (
    "is_default",
    "is_done",
    "is_retake",
    "is_feedback_request",
    "is_wip",
    "is_artist_allowed",
    "is_client_allowed",
)


def add_work(tables: Tables) -> None:
    """Task types, statuses, tasks, and their history."""
    _task_types(tables)
    _statuses(tables)
    for entity in list(tables.entities.values()):
        for task_type in _types_for(tables, entity):
            _task(tables, entity, task_type)
    _vendors(tables)
    add_schedule(tables)
    _clients(tables)
    _actions(tables)


def _task_types(tables: Tables) -> None:
    for place, (name, short, color, entity, department) in enumerate(TASK_TYPES, 1):
        tables.add(
            "task_types",
            "TaskType",
            (name,),
            name=name,
            short_name=short,
            color=color,
            for_entity=entity,
            priority=place,
            department_id=an_id("departments", department) if department else None,
            allow_timelog=True,
            archived=False,
            description="",
            shotgun_id=None,
        )


def _statuses(tables: Tables) -> None:
    for place, (name, short, color, flags) in enumerate(STATUSES, 1):
        set_flags = {flag: flags.get(flag, flag in {"is_artist_allowed", "is_client_allowed"}) for flag in FLAGS}
        tables.add(
            "task_statuses",
            "TaskStatus",
            (name,),
            name=name,
            short_name=short,
            color=color,
            priority=place,
            archived=False,
            for_concept=False,
            description="",
            shotgun_id=None,
            **set_flags,
        )


def _types_for(tables: Tables, entity: Record) -> list[Record]:
    """The task types of an entity's kind; a young production has not reached all of them yet."""
    kind = tables.entity_types[entity["entity_type_id"]]["name"]
    wanted = "Asset" if kind in ASSET_TYPES else kind
    found = [row for row in tables.task_types.values() if row["for_entity"] == wanted]
    return found if tables.projects[entity["project_id"]]["name"] in {SHORT, SHOW} else found[:4]


def _task(tables: Tables, entity: Record, task_type: Record) -> Record:
    """One task as zou/app/models/task.py serializes it with relations (1.0.97)."""
    chance, begun = tables.chance, tables.chance.randint(-60, 20)
    status = tables.task_statuses[an_id("task_statuses", _likely_status(tables, begun, task_type))]
    estimation = chance.choice((0, 480, 960, 1440, 2400))
    task = tables.add(
        "tasks",
        "Task",
        (entity["id"], task_type["name"]),
        name="main",
        description=None,
        priority=chance.choice((0, 0, 0, 1, 2, 3)),
        difficulty=3,
        duration=0,
        estimation=estimation,
        completion_rate=100 if status["is_done"] else 0,
        retake_count=0,
        sort_order=0,
        start_date=None,
        due_date=tables.day(begun) if chance.random() < 0.85 else None,  # Whether it has one; schedule.py says which.
        real_start_date=None,
        end_date=None,
        done_date=None,
        last_comment_date=None,
        nb_assets_ready=0,
        data=None,
        shotgun_id=None,
        nb_drawings=0,
        last_preview_file_id=None,
        project_id=entity["project_id"],
        task_type_id=task_type["id"],
        task_status_id=status["id"],
        entity_id=entity["id"],
        assigner_id=by_email(tables, "hana")["id"],
        assignees=_assignees(tables, entity["project_id"], task_type),
    )
    if status["name"] not in {"Todo", "Ready To Start"}:
        add_history(tables, task, status)
    return task


def _likely_status(tables: Tables, begun: int, task_type: Record) -> str:
    """What began long ago is mostly done; what begins later in the pipeline is mostly not."""
    if begun > 0:
        return tables.chance.choice(("Todo", "Todo", "Ready To Start"))
    late = task_type["priority"] / len(TASK_TYPES)
    weights = (2 * late, 3, 2, 1.5, 14 * (1.1 - late), 0.5)
    names = [name for name, *_ in STATUSES]
    return tables.chance.choices(names, weights)[0]


def _assignees(tables: Tables, project_id: str, task_type: Record) -> list[str]:
    """People of the team and of the task type's department; now and then two, now and then nobody."""
    team = [tables.persons[person_id] for person_id in tables.teams[project_id]]
    fit = [p["id"] for p in team if p["role"] == "user" and task_type["department_id"] in p["departments"]]
    count = tables.chance.choices((0, 1, 2), (1, 8, 1))[0]
    return tables.chance.sample(fit, k=min(count, len(fit)))


def _vendors(tables: Tables) -> None:
    """Each vendor has a few tasks in one production, and sees no others."""
    for email, project, task_type, count in (
        ("pixelworks", SHORT, "Compositing", 6),
        ("northlight", SHOW, "Animation", 5),
    ):
        person = by_email(tables, email)
        tasks = [
            row for row in tables.tasks.values()
            if row["project_id"] == an_id("projects", project) and row["task_type_id"] == an_id("task_types", task_type)
        ]  # fmt: skip
        for task in tasks[:count]:
            task["assignees"] = [*task["assignees"], person["id"]]


def _clients(tables: Tables) -> None:
    """They are asked, and they answer."""
    for email, project in (("clara", SHORT), ("oriol", SHOW)):
        ask_client(tables, by_email(tables, email), an_id("projects", project))


def _actions(tables: Tables) -> None:
    """What a studio may have among its custom actions already: another tool's, which the bridge must leave alone."""
    fields: dict[str, Any] = {"entity_type": "shot", "is_ajax": False}
    tables.add(
        "custom_actions", "CustomAction", ("review",),
        name="Open in the review room", url="https://review.example.com/kitsu", **fields,
    )  # fmt: skip
