"""The words of each invocation, kept by PostgreSQL itself: a generated column with an index. SQLite reads the texts.

Punctuation is cut away first, because PostgreSQL's parser takes `SQ01/SH0010` for the name of a file. Weights: A action, B entities,
C messages, D persons and productions. Texts are cut as well: a tsvector holds a megabyte, and a row must not fail for it.
"""

from __future__ import annotations

from django.db import migrations

SIGNS = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"
PARTS = {
    "A": "action_name || ' ' || action_slug || ' ' || kind",
    "B": "left(entities, 20000)",
    "C": "left(message, 5000) || ' ' || left(reason, 5000) || ' ' || reason_code",
    "D": "person_name || ' ' || person_email || ' ' || left(project_names::text, 5000)",
}


def cut(text: str) -> str:
    length = len(SIGNS) - 1  # The apostrophe stands doubled.
    return f"translate({text}, '{SIGNS}', repeat(' ', {length}))"


SEARCH = " || ".join(f"setweight(to_tsvector('simple', {cut(text)}), '{weight}')" for weight, text in PARTS.items())

FORWARDS = f"""
ALTER TABLE audit_invocation ADD COLUMN search tsvector GENERATED ALWAYS AS ({SEARCH}) STORED;
ALTER TABLE audit_invocation ALTER COLUMN search SET STATISTICS 500;
CREATE INDEX invocation_words ON audit_invocation USING gin (search);
CREATE INDEX invocation_of_task ON audit_invocation USING gin (task_ids jsonb_path_ops);
CREATE INDEX invocation_of_several ON audit_invocation USING gin (project_ids jsonb_path_ops) WHERE scope = '*';
"""
BACKWARDS = """
DROP INDEX invocation_of_several;
DROP INDEX invocation_of_task;
ALTER TABLE audit_invocation DROP COLUMN search;
"""


def run(statements: str):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statements.replace("%", "%%"), ())

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("audit", "0009_log")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
