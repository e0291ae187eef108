"""How long what rules did is kept."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from actions.models import Occasion, Rule
from audit.models import Event, RetentionRule
from audit.retention import pruning
from audit.retention.archive import digest_of, read_archive
from audit.retention.checking import ArchiveCheck
from audit.retention.pruning import counted, prune
from audit.states import Happened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ARCHIVE_DIR = tmp_path / "archives"
    settings.SEALS_FILE, settings.SEAL_PUBLIC_KEYS = tmp_path / "seals.jsonl", tmp_path / "keys"


@pytest.fixture
def occasion():
    """What a rule did so many days ago."""
    one = Rule.objects.create(name="Retakes", action_slug="review")

    def make(days):
        at = timezone.now() - timedelta(days=days)
        return Occasion.objects.create(
            rule=one, rule_name=one.name, event_id=uuid.uuid4(), event="task:status-changed", happened_at=at,
            outcome="dry_run", reason="Would have started.", at=at,
        )  # fmt: skip

    return make


def a_rule(days=30):
    return RetentionRule.objects.create(part="occasion", days=days)


def test_it_works(occasion, settings, monkeypatch):
    """Into an archive first, and with an event that names it; as many archives as it takes."""
    monkeypatch.setattr(pruning, "ROWS_AT_ONCE", 2)
    old, young = [occasion(days) for days in (50, 40, 31)], [occasion(days) for days in (29, 0)]
    a_rule()
    assert counted()["occasion"] == 3
    assert prune()["occasion"] == 3
    assert prune()["occasion"] == 0
    assert set(Occasion.objects.all()) == set(young)
    archives = sorted(settings.ARCHIVE_DIR.glob("*.jsonl.gz"))
    lines = [line for path in archives for line in read_archive(path) if line["type"] == "row"]
    assert [(line["of"], line["id"], line["reason"]) for line in lines] == [
        ("occasion", one.pk, "Would have started.") for one in old
    ]
    told = Event.objects.filter(what=Happened.PRUNED).order_by("pk")
    assert [event.data["sha256"] for event in told] == [digest_of(path) for path in archives]
    assert "What rules did: 2 rows, into" in told[0].text
    assert all(ArchiveCheck().check(path).troubles == [] for path in archives)


def test_without_a_rule_all_is_kept(occasion):
    occasion(4000)
    assert prune()["occasion"] == 0
    assert Occasion.objects.count() == 1


def test_a_dry_run_counts(occasion, settings):
    occasion(40)
    a_rule()
    said = StringIO()
    call_command("prune", "--dry-run", stdout=said)
    assert "What rules did: 1 rows" in said.getvalue()
    assert Occasion.objects.count() == 1
    assert not settings.ARCHIVE_DIR.exists()


def test_it_has_no_state_of_an_invocation():
    with pytest.raises(ValidationError, match="What rules did has no state"):
        RetentionRule(part="occasion", state="failed", days=30).full_clean()


def test_the_admin_says_what_would_go(occasion, client, django_user_model):
    occasion(40)
    a_rule()
    client.force_login(django_user_model.objects.create_superuser("root", "", "x"))
    assert "What rules did: 1 row." in client.get("/admin/audit/retentionrule/").text
