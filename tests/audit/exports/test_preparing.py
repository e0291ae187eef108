"""An export that a worker prepares: its page, its end, and who gets the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.exports import asking, preparing
from audit.exports.asking import let_go_of_old
from audit.exports.forms import NAMES
from audit.exports.preparing import prepare
from audit.exports.rows import pieces
from audit.models import Event, Export
from audit.states import Happened
from tests.audit.exports.test_log import EVIL, told, workbook

pytestmark = pytest.mark.django_db


def test_it_works(browser, an_invocation, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(asking.app, "send_task", lambda name, args, **how: sent.append((name, args)))
    made = an_invocation("noa", task_count=3, action_name=EVIL)
    client = browser("noa")
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    assert (response.status_code, response["Location"]) == (303, export.get_absolute_url())
    assert sent == [("audit.export", (str(export.pk),))]
    assert "Waiting for a worker" in client.get(export.get_absolute_url()).text
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404
    prepare(export.pk)
    prepare(export.pk)
    page = client.get(export.get_absolute_url(), {"live": ""}).text
    assert "Ready: 1 row," in page
    assert "hx-get" not in page
    header, row = workbook(b"".join(client.get(reverse("export_file", args=[export.pk]))))
    assert dict(zip(header, row, strict=True))["id"] == str(made.pk)
    assert dict(zip(header, row, strict=True))["action"] == EVIL
    assert [(data["form"], data["rows"]) for _, data in told()] == [("xlsx", 1), ("xlsx", 1)]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_long_is_prepared_with_a_page_that_says_how_far(browser, an_invocation, form, monkeypatch):
    """It is the same file that would have been streamed."""
    client = browser("noa")
    for number in range(3):
        an_invocation("noa", action_name=f"{EVIL} {number}")
    streamed = b"".join(client.post(reverse("log_export"), {"form": form}))
    monkeypatch.setattr("audit.views.export.MOST_STREAMED", 2)
    response = client.post(reverse("log_export"), {"form": form})
    export = Export.objects.get()
    assert (response.status_code, response["Location"]) == (303, export.get_absolute_url())
    prepare(export.pk)
    assert f"Download {NAMES[form]}" in client.get(export.get_absolute_url()).text
    response = client.get(reverse("export_file", args=[export.pk]))
    assert response["Content-Disposition"].endswith(f'.{form}"')
    assert b"".join(response) == streamed
    assert [(data["form"], data["rows"]) for _, data in told()] == [(form, 3)] * 4


@pytest.mark.parametrize("form", list(NAMES))
def test_it_is_cancelled(browser, an_invocation, monkeypatch, form):
    """Before it has begun, and while it is written; nothing of it stays."""
    monkeypatch.setattr("audit.exports.rows.AT_ONCE", 2)
    monkeypatch.setattr("audit.views.export.MOST_STREAMED", 0)
    for _ in range(6):
        an_invocation("noa")
    client = browser("noa")
    client.post(reverse("log_export"), {"form": form})
    export = Export.objects.get()
    stop = reverse("cancel_export", args=[export.pk])
    assert browser("greta").post(stop).status_code == 404
    assert client.post(stop)["Location"] == export.get_absolute_url()
    prepare(export.pk)
    page = client.get(export.get_absolute_url()).text
    assert "Cancelled" in page
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404
    Export.objects.update(state=Export.State.WAITING)
    cancelled_after(2, lambda: client.post(stop), monkeypatch)
    prepare(export.pk)
    export.refresh_from_db()
    assert (export.state, export.rows) == (Export.State.CANCELLED, 4)
    assert [*export.path.parent.glob(f"{export.pk}*")] == []
    assert f"4 rows of the log as {NAMES[form]} written, then cancelled: everything." in said()


def cancelled_after(pieces_read, cancel, monkeypatch):
    """Somebody cancels while the third piece is read."""

    def read(rows):
        for number, piece in enumerate(pieces(rows)):
            if number == pieces_read:
                cancel()
            yield piece

    monkeypatch.setattr(preparing, "pieces", read)


def said():
    return [event.text for event in Event.objects.filter(what=Happened.EXPORTED)]


def test_who_may_see_less_by_now_does_not_get_it(browser, an_invocation, project_ids):
    """It was asked for by the lead of a production, who leads it no longer."""
    lantern, tide = project_ids["The Lantern Keeper"], project_ids["Ninth Tide"]
    client = browser("greta")
    client.post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    prepare(export.pk)
    file = reverse("export_file", args=[export.pk])
    assert client.get(file).status_code == 200
    for sight in ({"led": [lantern, tide]}, {"everything": True}):
        Export.objects.update(sight=export.sight | sight)
        assert client.get(file)["Location"] == export.get_absolute_url()
        assert "You may see less now" in client.get(export.get_absolute_url()).text
    assert len(said()) == 2


def test_nobody_has_the_export_of_another(browser, an_invocation):
    browser("noa").post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    prepare(export.pk)
    for name in ("ada", "greta", "clara"):
        assert browser(name).get(export.get_absolute_url()).status_code == 404
        assert browser(name).get(reverse("export_file", args=[export.pk])).status_code == 404
    assert browser().get(reverse("log_export")).status_code == 302


def test_what_lies_there_is_sent_again(browser, db, monkeypatch, settings):
    sent = []
    monkeypatch.setattr(asking.app, "send_task", lambda name, args, **how: sent.append(args))
    client = browser("noa")
    client.post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    client.get(export.get_absolute_url())
    assert sent == []
    long_ago = timezone.now() - timedelta(seconds=settings.HEARTBEAT_TIMEOUT + 60)
    for state in (Export.State.WAITING, Export.State.RUNNING):
        Export.objects.update(state=state, heard_at=long_ago)
        assert "sent to the workers again" in client.get(export.get_absolute_url()).text
    assert len(sent) == 2
    prepare(export.pk)
    assert Export.objects.get().state == Export.State.READY


def test_a_day_later_it_is_gone(browser, an_invocation):
    browser("noa").post(reverse("log_export"), {"form": "xlsx"})
    old = Export.objects.get()
    prepare(old.pk)
    assert old.path.exists()
    Export.objects.update(asked_at=timezone.now() - timedelta(days=2))
    browser("noa").post(reverse("log_export"), {"form": "xlsx"})
    let_go_of_old()
    assert not old.path.exists()
    assert Export.objects.count() == 1


def test_it_says_when_it_cannot_be_written(browser, db, settings, tmp_path):
    (tmp_path / "exports").write_text("a file where a folder should be")
    settings.FILES_DIR = tmp_path
    client = browser("noa")
    client.post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    prepare(export.pk)
    assert "It could not be written" in client.get(export.get_absolute_url()).text
