"""What events say moves into their particulars, and is bound by hash."""

from django.db import migrations, transaction

from audit.seals.binding import bound, new_salt
from audit.seals.canonical import plain

AT_ONCE = 1000
SUBJECTS = {"signed_in": "sign_in", "sign_in_refused": "sign_in"}


def move(apps, schema_editor):
    Event, Particulars = apps.get_model("audit", "Event"), apps.get_model("audit", "Particulars")
    last = 0
    while rows := list(Event.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            Particulars.objects.bulk_create([moved(row, Particulars) for row in rows])
            Event.objects.bulk_update(rows, ["subject", "who_bound", "words_bound"])
        last = rows[-1].pk


def moved(row, Particulars):
    data = dict(row.data)
    signing_in = row.what in SUBJECTS
    personal = {name: data.pop(name) for name in ("address", "email") if signing_in and name in data}
    row.subject = SUBJECTS.get(row.what, row.subject)
    apart = Particulars(
        event_id=row.pk,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        personal=plain(personal),
        text=plain(row.text),
        data=plain(data),
    )
    if apart.actor_id or apart.actor_name or apart.personal:
        apart.who_salt = new_salt()
        who = {"id": apart.actor_id, "name": apart.actor_name, "more": apart.personal}
        row.who_bound = bound(apart.who_salt, who)
    if apart.text or apart.data:
        apart.words_salt = new_salt()
        row.words_bound = bound(apart.words_salt, {"text": apart.text, "data": apart.data})
    return apart


class Migration(migrations.Migration):
    dependencies = [("audit", "0012_particulars")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
