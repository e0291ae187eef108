"""The productions of the sample studio: a short, a TV show, a feature and a pilot, with all that stands in them."""

from __future__ import annotations

from typing import Any

from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.sample.people import by_email
from kitsu_bridge.kitsu.sample.rows import Tables, an_id

SPECIAL = ("Shot", "Sequence", "Episode", "Edit", "Concept", "Scene")
"""Entity types that are no asset types (zou/app/services/entities_service.py in Zou 1.0.97)."""

ASSET_TYPES = ("Characters", "Props", "Environments", "FX")

SHORT, SHOW, FEATURE = "The Lantern Keeper", "Kettle & Crow", "Ninth Tide"
PILOT = "Pilot {draft} \"><script>alert('project')</script> 🎬 تجربة"

TEAMS: dict[str, dict[str, str | None]] = {
    SHORT: dict.fromkeys(["hana", "greta", "tomas", "noa", "emile", "robin", "leila", "juno", "clara", "pixelworks"]),
    SHOW: dict.fromkeys(
        ["luis", "hana", "greta", "tomas", "noa", "emile", "robin", "leila", "oriol", "northlight", "former"]
    ),
    FEATURE: dict.fromkeys(["luis", "emile", "juno", "clara"]),
    PILOT: dict.fromkeys(["hana", "greta", "juno"]),
}
TEAMS[SHOW] |= {"hana": "supervisor", "noa": "supervisor"}
TEAMS[FEATURE] |= {"juno": "manager"}

ASSETS: dict[str, dict[str, tuple[str, ...]]] = {
    SHORT: {
        "Characters": ("Keeper", "Moth", "Sea <b>Captain</b>", 'Old "Barnaby"'),
        "Props": ("Lantern", "Rope & Hook", "Ladder", "Logbook {draft}"),
        "Environments": ("Lighthouse", "Cliff", "Engine room"),
        "FX": ("Fog", "Sparks ✨"),
    },
    SHOW: {
        "Characters": ("Kettle", "Crow", "Mrs. Ångström", "العمدة"),
        "Props": ("Teapot", "Umbrella", "Bicycle"),
        "Environments": ("Kitchen", "Rooftops"),
        "FX": ("Steam",),
    },
    FEATURE: {"Characters": ("Diver", "Leviathan"), "Props": ("Diving bell",), "Environments": ("Trench",), "FX": ()},
    PILOT: {"Props": ('"><img src=x onerror=alert(1)>',)},
}

PROJECT_SETTINGS = {
    # As zou/app/models/project.py sets them in a new project (Zou 1.0.97)
    "max_retakes": 0,
    "is_client_stats_visible": True,
    "is_client_task_list_visible": True,
    "is_client_task_panel_visible": True,
    "is_preview_download_allowed": False,
    "is_set_preview_automated": False,
    "homepage": "assets",
    "is_publish_default_for_artists": False,
    "is_bot_collaboration_enabled": False,
    "is_single_preview_per_revision": False,
    "is_frame_in_numbering": False,
    "revision_padding": 0,
}

UNSET = (
    "file_tree",
    "shotgun_id",
    "man_days",
    "hd_bitrate_compression",
    "ld_bitrate_compression",
    "default_preview_background_file_id",
    "from_schedule_version_id",
)

UNLISTED = ("asset_types", "task_types", "task_statuses", "status_automations", "preview_background_files")
"""Empty: a production that chose none uses all."""

LONG_NAME = "A very long name that somebody typed into the wrong field and nobody dared to change since " * 2


def add_productions(tables: Tables) -> None:
    """Entity types, projects with their teams, and their entities."""
    for name in (*SPECIAL, *ASSET_TYPES):
        tables.add("entity_types", "EntityType", (name,), name=name, short_name="", description="", archived=False)
    _short(tables)
    _show(tables)
    _feature(tables)
    _pilot(tables)


def _short(tables: Tables) -> None:
    project = _project(tables, SHORT, "short", fps="24", resolution="2048x858")
    _assets(tables, project)
    for number in range(1, 5):
        sequence = _entity(tables, project, "Sequence", f"SQ{number:02}")
        for shot in range(1, 10):
            _shot(tables, project, sequence, f"SH{shot * 10:04}")
    odd = _entity(tables, project, "Sequence", "SQ05 <img src=x onerror=alert(1)>")
    for name in ("\"><script>alert('shot')</script>", "SH {task_id} ../../etc", "تصوير ليلي", LONG_NAME.strip()):
        _shot(tables, project, odd, name)
    _entity(tables, project, "Edit", "Animatic v3")


def _show(tables: Tables) -> None:
    project = _project(tables, SHOW, "tvshow", fps="25", resolution="1920x1080")
    _assets(tables, project)
    for number in range(1, 4):
        episode = _entity(tables, project, "Episode", f"E{number:02}")
        _asset(tables, project, "Props", f"Guest prop {number}", source_id=episode["id"])
        _entity(tables, project, "Edit", f"E{number:02} edit", parent_id=episode["id"])
        for part in range(1, 3):
            sequence = _entity(tables, project, "Sequence", f"SQ{part:02}", parent_id=episode["id"])
            for shot in range(1, 6):
                _shot(tables, project, sequence, f"SH{shot * 10:04}")


def _feature(tables: Tables) -> None:
    project = _project(tables, FEATURE, "featurefilm", fps="24", resolution="4096x1716")
    _assets(tables, project)
    for number in range(1, 9):
        _entity(tables, project, "Concept", f"Mood {number}")
    for name in ("Reel 1", "Reel 2"):
        _entity(tables, project, "Edit", name)
    sequence = _entity(tables, project, "Sequence", "SQ010")
    for shot in range(1, 4):
        _shot(tables, project, sequence, f"SH{shot:03}")


def _pilot(tables: Tables) -> None:
    """Small, and with a name that no page may take for its own markup."""
    project = _project(tables, PILOT, "shots", fps="23.976", resolution="1080x1920")
    _assets(tables, project)
    sequence = _entity(tables, project, "Sequence", "SQ01")
    for name in ("SH0010", "SH0020"):
        _shot(tables, project, sequence, name)


def _project(tables: Tables, name: str, kind: str, *, fps: str, resolution: str) -> Record:
    project = tables.add(
        "projects",
        "Project",
        (name,),
        name=name,
        code=None,
        description=f"An invented production: {name}.",
        production_type=kind,
        production_style="3d",
        project_status_id=an_id("project status", "Open"),
        fps=fps,
        ratio="16:9",
        resolution=resolution,
        start_date=tables.date(-150),
        end_date=tables.date(120),
        has_avatar=False,
        nb_episodes=3 if kind == "tvshow" else 0,
        episode_span=0,
        is_clients_isolated=False,
        data={"studio_code": name[:3].upper(), "delivery": {"format": "EXR", "frames": [1001, 1096]}},
        **(PROJECT_SETTINGS | dict.fromkeys(UNSET) | {name: [] for name in UNLISTED}),
    )
    project["team"] = [by_email(tables, email)["id"] for email in TEAMS[name]]
    tables.teams[project["id"]] = {by_email(tables, email)["id"]: role for email, role in TEAMS[name].items()}
    return project


def _assets(tables: Tables, project: Record) -> None:
    for asset_type, names in ASSETS[project["name"]].items():
        for name in names:
            _asset(tables, project, asset_type, name)


def _asset(tables: Tables, project: Record, asset_type: str, name: str, **fields: Any) -> Record:
    return _entity(
        tables, project, asset_type, name, data={"style": "hand-painted", "<b>odd</b> key": "a & b"}, **fields
    )


def _shot(tables: Tables, project: Record, sequence: Record, name: str) -> Record:
    frames = tables.chance.choice((48, 72, 96, 120, 144))
    shot = _entity(
        tables,
        project,
        "Shot",
        name,
        parent_id=sequence["id"],
        nb_frames=frames,
        data={
            "fps": project["fps"],
            "frame_in": "1001",
            "frame_out": str(1000 + frames),
            "resolution": project["resolution"],
            "max_retakes": 3,
            "camera": {"lens": 35, "moves": ["pan", "tilt"], "rig": None},
        },
    )
    _cast(tables, project, shot)
    return shot


def _cast(tables: Tables, project: Record, shot: Record) -> None:
    """Two or three assets stand in each shot; rows as `GET /data/projects/<id>/entities/<id>/casting` sends them."""
    types = {row["id"]: row["name"] for row in tables.entity_types.values()}
    assets = [
        row
        for row in tables.entities.values()
        if row["project_id"] == project["id"] and types[row["entity_type_id"]] not in SPECIAL
    ]
    for asset in tables.chance.sample(assets, k=min(len(assets), tables.chance.choice((2, 3)))):
        tables.casting.setdefault(shot["id"], []).append(
            {
                "asset_id": asset["id"],
                "asset_name": asset["name"],
                "asset_type_name": types[asset["entity_type_id"]],
                "entity_id": shot["id"],
                "episode_id": asset["source_id"],
                "label": "animate" if tables.chance.random() < 0.7 else "fixed",
                "nb_occurences": tables.chance.choice((1, 1, 1, 2)),
                "preview_file_id": None,
                "project_id": project["id"],
            }
        )
    shot["nb_entities_out"] = len(tables.casting[shot["id"]])


def _entity(tables: Tables, project: Record, kind: str, name: str, **fields: Any) -> Record:
    """As zou/app/models/entity.py serializes one (Zou 1.0.97)."""
    defaults: dict[str, Any] = {
        "name": name,
        "code": None,
        "description": "",
        "shotgun_id": None,
        "canceled": False,
        "nb_frames": None,
        "nb_entities_out": 0,
        "is_casting_standby": False,
        "is_shared": False,
        "status": "running",
        "project_id": project["id"],
        "entity_type_id": an_id("entity_types", kind),
        "parent_id": None,
        "source_id": None,
        "preview_file_id": None,
        "data": None,
        "ready_for": None,
        "created_by": None,
    }
    parent = fields.get("parent_id") or ""
    return tables.add("entities", "Entity", (project["name"], kind, parent, name), **(defaults | fields))
