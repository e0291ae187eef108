"""The triggers of the record, lifted and put back: only tests do so, with a right that the bridge should not have."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection

from audit import append_only


def let_be_emptied():
    """Django's `flush` between tests empties every table: with TRUNCATE, on SQLite with DELETE."""
    flush = "truncate" if connection.vendor == "postgresql" else "delete"
    _drop(name for name in append_only.names(connection.vendor) if name.endswith(flush))


@contextmanager
def all_triggers():
    """Within it the triggers stand as the migrations left them."""
    append_only.install(connection)
    yield
    connection.check_constraints()
    let_be_emptied()


@contextmanager
def no_triggers():
    """Within it everything may be changed, as by somebody who has the database to themselves."""
    connection.check_constraints()
    _drop(append_only.names(connection.vendor))
    yield
    connection.check_constraints()  # PostgreSQL changes no table that has some to check yet.
    append_only.install(connection)
    let_be_emptied()


def _drop(names):
    with connection.cursor() as cursor:
        for name in names:
            table = f" ON {name.rpartition('_no_')[0]}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")
