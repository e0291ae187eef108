"""What is about several productions, by which they are: found in the log's order. A digest, since an index takes no long list."""

from __future__ import annotations

from django.db import migrations

INDEX = """
CREATE INDEX invocation_of_sets ON audit_invocation (md5(project_ids::text), received_at DESC, id DESC) WHERE scope = '*'
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX invocation_of_sets")


class Migration(migrations.Migration):
    dependencies = [("audit", "0024_sides")]
    operations = [migrations.RunPython(forwards, backwards)]
