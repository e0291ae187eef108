"""The filters of the log, the same for its pages, exports, re-runs of a range, figures that lead to it, saved views and REST.

    filters = Filters.read(request.GET, me=identity.person)
    rows = filters.apply(visible_to(request))

What cannot be understood (`filters.problems`) fits nothing: a range to run again that was mistyped is empty, not everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, cast
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from audit.log.conditions import CONDITIONS, SEARCHES
from audit.log.form import FiltersForm
from audit.log.said import said
from audit.log.words import as_beginning
from audit.models import Invocation
from kitsu_bridge.kitsu.people import Person

NAMES: tuple[str, ...] = tuple(FiltersForm.base_fields)
"""Of the parameters; everything else in a mapping is left alone."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the log is asked for."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Understood values by parameter; only those that were given."""

    problems: Mapping[str, str] = field(default_factory=dict)
    """What could not be understood: a sentence for each parameter."""

    form: FiltersForm = field(default_factory=FiltersForm, compare=False, repr=False)
    me: str = ""
    """The id in Kitsu of whoever asks, for `mine`."""

    @classmethod
    def read(cls, mapping: Mapping[str, Any], me: Person | None = None) -> Self:
        """From a request's GET, or from any mapping to texts or lists of texts."""
        form = FiltersForm(_several(mapping))
        form.is_valid()
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [], False)}
        problems = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        return cls(values, problems, form, me.id if me else "")

    @classmethod
    def of_query(cls, query: str, me: Person | None = None) -> Self:
        """From the query of a URL, as `as_query` and `fixed` give it."""
        return cls.read(QueryDict(query), me)

    def apply(self, rows: QuerySet[Invocation]) -> QuerySet[Invocation]:
        """Those of the rows that fit; none while there is a problem."""
        if self.problems:
            return rows.none()
        return rows.filter(*self.conditions().values())

    def conditions(self) -> dict[str, Q]:
        """By parameter; all of them must hold."""
        return {name: CONDITIONS[name](value if name != "mine" else self.me) for name, value in self.given()}

    def given(self) -> Iterable[tuple[str, Any]]:
        """Parameters with their understood values, in the form's order."""
        return ((name, self.values[name]) for name in NAMES if name in self.values)

    def as_query(self, **changes: Any) -> str:
        """As the query of a URL, as it was written; `changes` replace parameters, None takes one away."""
        sent = dict(cast("MultiValueDict[str, str]", self.form.data or MultiValueDict()).lists())
        sent |= {name: [value] if isinstance(value, str) else list(value or ()) for name, value in changes.items()}
        return urlencode([(name, one) for name, many in sent.items() for one in many if one], errors="ignore")

    def fixed(self) -> str:
        """As a query that means the same tomorrow and elsewhere: moments in full, and not days or so long ago."""
        return self.as_query(**{name: value.isoformat() for name, value in self.given() if isinstance(value, datetime)})

    def with_beginnings(self) -> str:
        """As a query that looks for words that begin so; empty where no whole words are looked for."""
        begun = {name: as_beginning(self.values[name]) for name in SEARCHES if name in self.values}
        return self.as_query(**{name: text for name, text in begun.items() if text}) if any(begun.values()) else ""

    def in_words(self) -> list[str]:
        """One short text for each filter: `State: Failed or Crashed`."""
        return [said(self.form, name, value) for name, value in self.given()]

    def __bool__(self) -> bool:
        """Whether anything is asked for, understood or not."""
        return bool(self.values or self.problems)


def _several(mapping: Mapping[str, Any]) -> MultiValueDict[str, str]:
    lists = mapping.lists() if isinstance(mapping, MultiValueDict) else mapping.items()
    return MultiValueDict({name: _texts(value) for name, value in lists if name in NAMES})


def _texts(value: Any) -> list[str]:
    many = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [str(one) for one in many if one is not None and one is not False]
