"""Actions that nobody used in these days: candidates for switching off, or for telling people about."""

from __future__ import annotations

from dataclasses import replace

from audit.models import Invocation
from audit.overview.asked import Asked
from audit.overview.counting import studio_day
from audit.overview.grouping import Side
from audit.overview.registered import Registered, registered
from audit.overview.table import Cell, Column, Row, Table

COLUMNS = (Column("enabled", "Switched on", "text"), Column("last", "Used last", "text"))
HELP = "Actions that are set up, and that nobody asked for in these days."


def unused(asked: Asked) -> Table:
    """Those that are set up without a single invocation in these days, whatever became of it."""
    used = replace(asked, narrowed={}).source.by(Side.ACTION).keys()
    rows = [_row(asked, action) for action in registered() if action.slug not in used]
    return Table("unused", "Actions nobody uses", HELP, "Action", COLUMNS, tuple(rows))


def _row(asked: Asked, action: Registered) -> Row:
    latest = Invocation.objects.filter(action_slug=action.slug).order_by("-received_at")
    at = latest.values_list("received_at", flat=True).first()
    last = str(studio_day(at)) if at else "never"
    link = asked.log(action=action.slug, since="", until="") if at else ""
    on = "yes" if action.enabled else "no"
    return Row(action.slug, action.name, (Cell(on, on), Cell(last, last, link)), action.link)
