"""On SQLite what has the number of a row that is there is refused as well."""

from django.db import migrations

from audit.append_only import run_install


class Migration(migrations.Migration):
    dependencies = [("audit", "0034_open_of")]

    operations = [migrations.RunPython(run_install, migrations.RunPython.noop)]
