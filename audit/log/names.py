"""Ids behind the names that people write: of actions, persons, productions.

What stands in the record itself is asked, since Kitsu may be away or have forgotten. One probe of an index for each that there
is: some hundreds, however many invocations there are.
"""

from __future__ import annotations

from django.db import connection

from audit.log.form import NONE
from audit.models import Invocation
from audit.models.generated import SEVERAL

MOST = 2000

# The next id after each, and the row that came last with it: an index on (id, received_at) answers both.
EACH = """
WITH RECURSIVE each(id, number) AS (
    SELECT (SELECT min({column}) FROM audit_invocation WHERE {column} > ''), 1
    UNION ALL
    SELECT (SELECT min({column}) FROM audit_invocation WHERE {column} > each.id), number + 1
    FROM each WHERE each.id IS NOT NULL AND number < {most}
)
SELECT id, (
    SELECT {name} FROM audit_invocation WHERE {column} = each.id ORDER BY received_at DESC, id DESC LIMIT 1
) FROM each WHERE id IS NOT NULL
"""


def actions_named(text: str) -> set[str]:
    """Slugs of the actions with this slug or name, or with this text in it; the text itself if there are none."""
    return _named(text, "action_slug", "action_name")


def persons_named(text: str) -> set[str]:
    """Ids of the persons with this id, name or e-mail, or with this text in it; the text itself if there are none."""
    return _named(text, "person_id", "person_name || ' ' || person_email")


def productions_named(text: str) -> set[str]:
    """Ids of the productions with this id or name, or with this text in it; the text itself if there are none.

    `NONE` is the empty id, under which stands what is about none.
    """
    if text == NONE:
        return {""}
    name = "project_names->>0" if connection.vendor == "postgresql" else "json_extract(project_names, '$[0]')"
    return _named(text, "scope", name)


def _named(text: str, column: str, name: str) -> set[str]:
    if Invocation.objects.filter(**{column: text}).exists():
        return {text}
    with connection.cursor() as cursor:
        cursor.execute(EACH.format(column=column, name=name, most=MOST))
        known = {str(key): (str(said or "")).casefold() for key, said in cursor.fetchall() if key != SEVERAL}
    wanted = text.casefold()
    exact = {key for key, said in known.items() if wanted in (key.casefold(), said)}
    return exact or {key for key, said in known.items() if wanted in said} or {text}
