"""Columns that the database works out by itself, so that filters find them by an index."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.sql.compiler import SQLCompiler

SEVERAL = "*"
"""The scope of what is about more than one production."""


class Scope(Func):
    """The production that an invocation is about, from its list of ids: `*` for several, empty while none is known."""

    template = (
        "CASE jsonb_array_length(%(expressions)s) WHEN 0 THEN '' WHEN 1 THEN (%(expressions)s)->>0"
        " ELSE '*' END::varchar(64)"
    )
    template_on_sqlite = (
        "CASE json_array_length(%(expressions)s) WHEN 0 THEN '' WHEN 1 THEN json_extract(%(expressions)s, '$[0]')"
        " ELSE '*' END"
    )

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """SQLite has other names for the same."""
        return self.as_sql(compiler, connection, template=self.template_on_sqlite, **context)


class SecondsBetween(Func):
    """The seconds from one moment to another; nothing while one of them is open."""

    arg_joiner = " - "
    template = "EXTRACT(EPOCH FROM (%(expressions)s))::double precision"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """SQLite counts days."""
        begun, ended = (f"julianday({compiler.compile(one)[0]})" for one in reversed(self.source_expressions))
        return f"({ended} - {begun}) * 86400.0", []
