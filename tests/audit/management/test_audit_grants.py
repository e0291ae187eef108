from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from audit.append_only import GUARDED
from audit.models import write_event
from audit.states import Happened
from tests.audit.triggers import all_triggers, no_triggers

FORBIDDEN = ("DELETE FROM {}", "TRUNCATE {} CASCADE", "ALTER TABLE {} DISABLE TRIGGER ALL")


def said(*options):
    out = StringIO()
    call_command("audit_grants", *options, stdout=out)
    return out.getvalue()


def test_it_works(db):
    with all_triggers():
        assert "-- All triggers stand." in said()


def test_it_says_which_triggers_are_missing(db):
    with no_triggers():
        assert "-- MISSING: trigger audit_event_no_update." in said()
        assert "-- All triggers stand." in said("--install")


@pytest.mark.postgres
def test_it_leaves_the_role_only_what_it_needs(db):
    """The statements as psql would run them, for a role that is no superuser."""
    statements = said().replace(":app", "bridge_app").replace(":owner", connection.settings_dict["USER"])
    write_event(Happened.SIGNED_IN)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE bridge_app")
        cursor.execute(
            "GRANT USAGE ON SCHEMA public TO bridge_app; GRANT ALL ON ALL TABLES IN SCHEMA public TO bridge_app"
        )
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO bridge_app")
        cursor.execute("\n".join(line for line in statements.splitlines() if not line.startswith("--")))
        cursor.execute("SET LOCAL ROLE bridge_app")
        write_event(Happened.SIGNED_IN)
        for table in GUARDED:
            for statement in FORBIDDEN:
                with pytest.raises(Error, match=r"permission denied|must be owner"), transaction.atomic():
                    cursor.execute(statement.format(table))
