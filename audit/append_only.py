"""The triggers that let nobody change what happened: not the bridge, not its role in the database.

Events and seals are only ever added. An event may leave when it stands in an archive, and an event tells of that. Of an event's
particulars a part may be emptied, once, and must then name the event that tells of it. Migrations install them; on SQLite again,
whenever one makes such a table anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = ("audit_event", "audit_seal", "audit_departure")
"""Tables to which rows are only added."""

GUARDED = (*KEPT, "audit_particulars")

NUMBERS = {"audit_event": "id", "audit_seal": "number", "audit_departure": "id", "audit_particulars": "event_id"}
"""The primary key of each."""

REPLACE = "REPLACE"
"""SQLite's `INSERT OR REPLACE` deletes the row that is there without firing its DELETE triggers, unless a connection asks for
`recursive_triggers` (https://sqlite.org/lang_conflict.html): so what has a number that is taken is refused before."""

PARTS = {
    "who": {"actor_id": "''", "actor_name": "''", "personal": "'{}'", "who_salt": "''"},
    "words": {"text": "''", "data": "'{}'", "words_salt": "''"},
}
"""What an erased part of the particulars looks like."""

SENTENCE = "the record is only ever added to"

FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: {SENTENCE}', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION audit_refuse_unless_departed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number bigint;
BEGIN
    IF TG_TABLE_NAME = 'audit_event' THEN number := OLD.id; ELSE number := OLD.event_id; END IF;
    IF NOT EXISTS ({{departed}}) THEN
        RAISE EXCEPTION '% on % is refused: {SENTENCE}', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
"""

DEPARTURES = "audit_departure"
DEPARTED = """
SELECT 1 FROM (SELECT last, told_by FROM audit_departure WHERE first <= {number} ORDER BY first DESC LIMIT 1) d
JOIN audit_event t ON t.id = d.told_by AND t.what = 'pruned' WHERE {number} BETWEEN 0 AND d.last
"""
"""Whether an event's number stands among those that may leave. Such ranges do not overlap: no event leaves twice."""

LEAVES = {"audit_event": "OLD.id", "audit_particulars": "OLD.event_id"}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make all triggers anew; harmless where they stand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION.replace("{departed}", DEPARTED.format(number="number")))
        there = connection.introspection.table_names(cursor)
        for statement in statements(connection.vendor, there):
            cursor.execute(statement)


def statements(vendor: str, there: Iterable[str]) -> list[str]:
    """What makes the triggers of the tables that are there: some come with later migrations."""
    found = []
    for table, what, condition in _rules(vendor):
        when = condition
        if table not in there:
            continue
        if DEPARTURES in when and DEPARTURES not in there:
            when = ""
        name = name_of(table, what)
        found.append(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if vendor == "postgresql" else ""))
        found += _postgresql(name, table, what, when) if vendor == "postgresql" else _sqlite(name, table, what, when)
    return found


def names(vendor: str) -> list[str]:
    """The triggers that stand where all is well."""
    return sorted(name_of(table, what) for table, what, _ in _rules(vendor))


def name_of(table: str, what: str) -> str:
    """The name of one trigger: `audit_event_no_delete`."""
    return f"{table}_no_{what.lower()}"


def standing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that there are."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'audit_%_no_%' AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%_no_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(row[0] for row in cursor.fetchall())


def run_install(_apps: Any, schema_editor: Any) -> None:
    """For `migrations.RunPython`."""
    install(schema_editor.connection)


def _rules(vendor: str) -> list[tuple[str, str, str]]:
    """Table, statement, and when it is refused; an empty condition means always."""
    truncate = ("TRUNCATE",) if vendor == "postgresql" else ()
    rules = [(table, what, "") for table in KEPT for what in ("UPDATE", *truncate)]
    rules += [(table, "DELETE", "") for table in KEPT if table not in LEAVES]
    rules += [("audit_particulars", what, "") for what in truncate]
    rules += [(table, "DELETE", f"NOT EXISTS ({DEPARTED.format(number=number)})") for table, number in LEAVES.items()]
    if vendor == "sqlite":
        rules += [(table, REPLACE, _taken(table, key)) for table, key in NUMBERS.items()]
    return [*rules, ("audit_particulars", "UPDATE", f"NOT ({_is_erasure(vendor)})")]


def _taken(table: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of ours


def _is_erasure(vendor: str) -> str:
    same = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    parts = []
    for part, empty in PARTS.items():
        columns = [*empty, f"{part}_erased_by"]
        unchanged = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)
        emptied = " AND ".join(f"NEW.{name} = {value}" for name, value in empty.items())
        by = f"OLD.{part}_erased_by IS NULL AND NEW.{part}_erased_by IS NOT NULL"
        parts.append(f"(({unchanged}) OR ({emptied} AND {by}))")
    return " AND ".join(["NEW.event_id = OLD.event_id", *parts])


def _postgresql(name: str, table: str, what: str, when: str) -> list[str]:
    each = "STATEMENT" if what == "TRUNCATE" else "ROW"
    leaves = DEPARTURES in when  # A condition of PostgreSQL's may not look into other tables.
    function = "audit_refuse_unless_departed" if leaves else "audit_refuse"
    condition = f" WHEN ({when})" if when and not leaves else ""
    made = f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH {each}{condition} EXECUTE FUNCTION {function}()"
    # ALWAYS: not even a session that plays a replica passes by.
    return [made, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]


def _sqlite(name: str, table: str, what: str, when: str) -> list[str]:
    condition = f" WHEN {when}" if when else ""
    refuse = f"SELECT RAISE(ABORT, '{what} on {table} is refused: {SENTENCE}');"
    before = "INSERT" if what == REPLACE else what
    return [f"CREATE TRIGGER {name} BEFORE {before} ON {table} FOR EACH ROW{condition} BEGIN {refuse} END"]
