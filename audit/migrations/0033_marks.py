"""One index for whatever is sought of an invocation, alone or together: its words and its marks (audit/log/marks.py).

It takes the place of the index of words. The marks stand first: GIN goes through what it is asked in the order of the columns, and
the time among them is what it can leap by. Its waiting list is short, since each question reads that list as well.
"""

from __future__ import annotations

from django.db import migrations

MARKS = """ARRAY[
    'person_id ' || person_id, 'scope ' || scope, 'action_slug ' || action_slug, 'kind ' || kind, 'state ' || state,
    'door ' || door, 'trust ' || trust, 'reason_code ' || reason_code,
    CASE WHEN scope = '*' THEN 'set ' || md5(project_ids::text) END,
    'bearer__id ' || (bearer->>'id'),
    'lasting ' || width_bucket(
        seconds, ARRAY[1, 10, 60, 300, 600, 1800, 3600, 7200, 10800, 18000, 28800, 43200, 86400, 259200]::float8[]
    ),
    '4096 ' || floor(extract(epoch FROM received_at AT TIME ZONE 'UTC') / 4096)::bigint,
    '65536 ' || floor(extract(epoch FROM received_at AT TIME ZONE 'UTC') / 65536)::bigint,
    '1048576 ' || floor(extract(epoch FROM received_at AT TIME ZONE 'UTC') / 1048576)::bigint
]"""

FORWARDS = f"""
CREATE INDEX invocation_marks ON audit_invocation USING gin (({MARKS}), search) WITH (gin_pending_list_limit = 512);
DROP INDEX invocation_words;
"""
BACKWARDS = """
CREATE INDEX invocation_words ON audit_invocation USING gin (search);
DROP INDEX invocation_marks;
"""


def run(statements: str):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statements, None)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("audit", "0032_kept_beside")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
