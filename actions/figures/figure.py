"""A figure: numbers of a production as a table, and the chart that shows them. It knows nothing of where it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "number", "share", "days", "hours", "date", "person"]
Chart = Literal["stacked", "bars", "line", "none"]
Value = float | str | None


@dataclass(frozen=True)
class Column:
    """One column. A `share` is 0 to 1, `days` and `hours` are numbers of them, a `date` is an ISO day, a `person` a name.

    `leads`: tasks stand behind its numbers; behind a forecast or a quota there are none.
    """

    key: str
    label: str
    unit: str = ""
    kind: Kind = "number"
    leads: bool = True


@dataclass(frozen=True)
class Row:
    """One line of a figure, with the tasks behind it; `cell_task_ids` has, by column, those of numbers about others.

    `key` is the id of what the row is about, and `link` the page in the bridge's pages or Kitsu's, where there is one.
    """

    label: str
    values: Mapping[str, Value]
    task_ids: tuple[str, ...] = ()
    color: str = ""
    key: str = ""
    link: str = ""
    cell_task_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """One series of a chart: the column of this key, with the colour that Kitsu gives it, if it gives one."""

    key: str
    label: str
    color: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure. `help` says in a sentence what is counted, `note` what this one's numbers leave out, `empty` what to say
    when there are no rows. `adds_up`: a row's numbers are of it and of all rows above; its cells name only what it adds."""

    slug: str
    title: str
    help: str
    chart: Chart
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    series: tuple[Series, ...] = ()
    unit: str = ""
    note: str = ""
    total: Row | None = None
    empty: str = "There is nothing to count here yet."
    adds_up: bool = False

    def leads(self, row: Row, column: Column) -> bool:
        """Whether there are tasks behind this number."""
        value = row.values.get(column.key)
        counted = column.leads and not isinstance(value, str) and bool(value)
        return value is not None and (counted or bool(row.cell_task_ids.get(column.key)))

    def behind(self, row: Row, key: str) -> tuple[str, ...]:
        """The tasks of one number: its own, or those of its row; where numbers add up, those of the rows above with it."""
        if not all(one.leads for one in self.columns if one.key == key):
            return ()
        if key not in row.cell_task_ids:
            return row.task_ids
        above = self.rows[: self.rows.index(row)] if self.adds_up and row is not self.total else ()
        return tuple(one for part in (*above, row) for one in part.cell_task_ids.get(key, ()))
