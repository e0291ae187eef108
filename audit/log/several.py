"""Invocations about several productions: few sets of them come up again and again, and each is walked in order by an index."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from audit.models.generated import SEVERAL

MOST_SETS, MOST_APART = 500, 8
DIGEST = 'md5("audit_invocation"."project_ids"::text)'

# One probe of the index (audit/migrations, `invocation_of_sets`) for each set that there is.
EACH = """
WITH RECURSIVE each(digest, project_ids, number) AS (
    (SELECT md5(project_ids::text), project_ids, 1 FROM audit_invocation WHERE scope = '*' ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT next.digest, next.project_ids, number + 1 FROM each, LATERAL (
        SELECT md5(one.project_ids::text) AS digest, one.project_ids FROM audit_invocation AS one
        WHERE one.scope = '*' AND md5(one.project_ids::text) > each.digest ORDER BY 1 LIMIT 1
    ) AS next WHERE number < %s
)
SELECT digest, array(SELECT jsonb_array_elements_text(project_ids)) FROM each
"""


def several(fits: Callable[[set[str]], bool], otherwise: Q) -> list[Q]:
    """About several productions that fit: each set by itself; as one condition (`otherwise`) where there are many."""
    if connection.vendor != "postgresql":
        return [Q(scope=SEVERAL) & otherwise]
    with connection.cursor() as cursor:
        cursor.execute(EACH, [MOST_SETS])
        sets = cursor.fetchall()
    digests = [digest for digest, ids in sets if fits(set(ids))]
    if len(sets) == MOST_SETS or len(digests) > MOST_APART:
        return [Q(scope=SEVERAL) & otherwise]
    return [Q(scope=SEVERAL) & _set(digest) for digest in digests]


def any_project(ids: Collection[str]) -> Q:
    """Those that list one of these productions."""
    if connection.vendor == "postgresql":
        return Q(*[Q(project_ids__contains=[one]) for one in ids], _connector=Q.OR) if ids else Q(pk__in=[])
    marks = ", ".join(["%s"] * len(ids))
    inside = f'EXISTS (SELECT 1 FROM json_each("audit_invocation"."project_ids") WHERE value IN ({marks}))'  # noqa: S608 - marks only
    return Q(RawSQL(inside, list(ids), BooleanField()))  # noqa: S611


def _set(digest: str) -> Q:
    return Q(RawSQL(f"{DIGEST} = %s", [digest], BooleanField()))  # noqa: S611 - nothing but a digest goes in
