"""The custom fields of the sample studio: one of each type that Kitsu has."""

from __future__ import annotations

from kitsu_bridge.kitsu.sample.people import by_email
from kitsu_bridge.kitsu.sample.productions import SHORT, SHOW
from kitsu_bridge.kitsu.sample.rows import Tables, an_id

FIELDS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    # name, type as in zou/app/models/metadata_descriptor.py (1.0.97), choices, departments
    ("Difficulty", "list", ("easy", "medium", "hard"), ()),
    ("Weather", "taglist", ("fog", "rain", "snow & ice", "<b>storm</b>"), ()),
    ("Frames to paint", "number", (), ("Lighting",)),
    ("Outsourced", "boolean", (), ()),
    ("Delivery", "date", (), ()),
    ("Brief", "url", (), ()),
    ("Lead", "person", (), ("Animation",)),
    ("Steps", "checklist", ("[ ] Blocked", "[ ] Splined", "[x] Briefed"), ()),
    ("Remark", "string", (), ()),
)

SET = {"difficulty": "medium", "weather": "fog,rain", "outsourced": "false"}


def add_fields(tables: Tables) -> None:
    """On shots and assets of the two large productions; some of the shots have values."""
    for project in (SHORT, SHOW):
        for entity_type in ("Shot", "Asset"):
            for place, (name, data_type, choices, departments) in enumerate(FIELDS, 1):
                tables.add(
                    "metadata_descriptors",
                    "MetadataDescriptor",
                    (project, entity_type, name),
                    project_id=an_id("projects", project),
                    entity_type=entity_type,
                    task_type_id=None,
                    name=name,
                    field_name=name.lower().replace(" ", "_"),
                    data_type=data_type,
                    choices=list(choices),
                    departments=[an_id("departments", one) for one in departments],
                    for_client=False,
                    position=place,
                )
    _values(tables)


def _values(tables: Tables) -> None:
    shots = [row for row in tables.entities.values() if row["entity_type_id"] == an_id("entity_types", "Shot")]
    for row in shots[::3]:
        row["data"] = {**(row["data"] or {}), **SET, "lead": by_email(tables, "greta")["id"]}
