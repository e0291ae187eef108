"""`manage.py audit_grants`: what to take from the bridge's role in the database, so that it cannot lift the triggers either."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import connection

from audit import append_only

POSTGRESQL = """\
-- For psql, as a superuser: `-v owner=` the role that migrates, `-v app=` the one that the bridge runs as.
-- The triggers refuse these already; without the grants there is nothing to refuse, and only an owner may lift a trigger.
{tables}
REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM :app;
REVOKE CREATE ON SCHEMA public FROM :app;
"""
ONE = """\
ALTER TABLE {table} OWNER TO :owner;
GRANT SELECT, INSERT{more} ON {table} TO :app;
REVOKE {revoked} ON {table} FROM :app;"""


class Command(BaseCommand):
    """Prints SQL; changes nothing but what `--install` asks."""

    help = "Print the grants that let the bridge's role only add to the record, and say whether the triggers stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--install`."""
        parser.add_argument("--install", action="store_true", help="Make the triggers anew.")

    def handle(self, **options: Any) -> None:
        """The statements, and what is missing of the triggers."""
        if options["install"]:
            append_only.install(connection)
        if connection.vendor == "postgresql":
            self.stdout.write(POSTGRESQL.format(tables="\n".join(map(_one, append_only.GUARDED))))
        else:
            self.stdout.write("-- SQLite has no roles: whoever may write the file may lift its triggers.")
        missing = set(append_only.names(connection.vendor)) - set(append_only.standing(connection))
        for name in sorted(missing):
            self.stdout.write(f"-- MISSING: trigger {name}. `--install` makes it anew.")
        if not missing:
            self.stdout.write("-- All triggers stand.")


def _one(table: str) -> str:
    erases = table not in append_only.KEPT
    return ONE.format(table=table, more=", UPDATE" if erases else "", revoked="DELETE" if erases else "UPDATE, DELETE")
