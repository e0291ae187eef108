"""Events are only ever added: from here on the database says so as well."""

from django.db import migrations

from audit.append_only import run_install


class Migration(migrations.Migration):
    dependencies = [("audit", "0013_move_particulars")]

    operations = [
        migrations.RemoveField(
            model_name='event',
            name='actor_id',
        ),
        migrations.RemoveField(
            model_name='event',
            name='actor_name',
        ),
        migrations.RemoveField(
            model_name='event',
            name='data',
        ),
        migrations.RemoveField(
            model_name='event',
            name='text',
        ),
        migrations.RunPython(run_install, migrations.RunPython.noop),
    ]
