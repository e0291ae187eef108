from __future__ import annotations

import gzip
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from actions.models import Preset, Ticket
from actions.parameters.presets import keep_preset
from audit.models import Event, Invocation, InvocationFile, LogLine, Particulars, TaskResult, write_event
from audit.retention.checking import ArchiveCheck
from audit.retention.erasing import StillOpen, counts, erase, whose
from audit.retention.pruning import prune
from audit.retention.whose import ERASED_NAME, Whose, without
from audit.seals.sealing import seal_all
from audit.seals.verifying import verify
from audit.states import Happened, State
from tests.audit.conftest import browser, row  # noqa: F401 - fixtures
from tests.audit.retention.conftest import HANA, NOA

TRACES = ("hana@studio.example", "Hana Sato", "p-hana")


def everything():
    """Every value of every row of the bridge's own tables, as text."""
    for model in [*apps.get_app_config("audit").get_models(), *apps.get_app_config("actions").get_models()]:
        for values in model._default_manager.values():
            yield model.__name__, str(values)


def traces(words=TRACES):
    return sorted({f"{name}: {word}" for name, text in everything() for word in words if word.lower() in text.lower()})


@pytest.fixture
def a_life(triggers, ran):
    """Hana has run, been refused at sign-in, kept a preset, got a ticket, and was named by others."""
    mine, other = ran(40), ran(3, person=NOA)
    write_event(
        Happened.SIGNED_IN, subject="sign_in", actor=HANA, personal={"address": "192.0.2.7", "email": HANA.email}
    )
    write_event(Happened.SIGN_IN_REFUSED, subject="sign_in", personal={"email": HANA.email.upper()})
    other.event(Happened.TOLD, actor=NOA, text="Told Hana Sato.", to=[HANA.email]).save()
    LogLine.objects.create(invocation=other, text="Mailed hana@studio.example.")
    TaskResult.objects.create(
        invocation=other,
        task_id="t2",
        position=1,
        state="done",
        message="Assigned to HANA SATO",
        data={"who": ["p-hana"]},
    )
    keep_preset(HANA, "review", "Mine", {"word": "x"}, for_all=False)
    Preset.objects.create(action_slug="review", name="All", made_by=HANA.name)
    Ticket.objects.create(
        invocation=mine, person_id=HANA.id, content={"user": HANA.name}, expires_at=mine.received_at, host="hanas-pc"
    )
    seal_all()
    return mine, other


def test_it_works(a_life):
    mine, other = a_life
    files = [file.path for file in InvocationFile.objects.filter(invocation=mine)]
    told = erase(whose(HANA.email), NOA)
    assert traces() == []
    assert not any(path.exists() for path in files)
    assert (told.actor_name, told.data["invocations"], told.data["files"]) == (NOA.name, 1, 1)
    mine.refresh_from_db()
    assert (mine.person_name, mine.payload, mine.address, mine.parameters) == (ERASED_NAME, "", "", {})
    assert Invocation.objects.get(pk=other.pk).person_name == NOA.name
    assert LogLine.objects.filter(text="Mailed erased person.").exists()
    assert [preset.made_by for preset in Preset.objects.all()] == [ERASED_NAME]


def test_it_leaves_a_record_that_still_verifies(a_life, settings):
    before = Event.objects.count()
    erase(whose("p-hana"), None)
    assert Event.objects.count() == before + 1
    seal_all()
    report = verify(file=settings.SEALS_FILE)
    assert (report.troubles, report.waiting) == ([], 0)
    assert sum(report.erased.values()) == Event.objects.get(what=Happened.ERASED).data["parts"]


def test_it_leaves_others_alone(a_life):
    _, other = a_life
    erase(whose(HANA.email), None)
    assert Particulars.objects.filter(actor_name=NOA.name, event__invocation=other).count() == 2
    assert InvocationFile.objects.get().invocation == other


def test_it_says_erased_person_on_pages(a_life, browser):  # noqa: F811
    mine, _ = a_life
    erase(whose(HANA.email), None)
    ada = browser("ada")
    for url in (mine.get_absolute_url(), reverse("log") + "?all=yes", reverse("admin:audit_event_changelist")):
        page = ada.get(url).content.decode()
        assert ERASED_NAME in page, url
        assert not any(trace in page for trace in TRACES), url


def test_it_erases_in_archives_as_well(a_life, rule, settings):
    rule("events", 30)
    rule("payload", 1)
    prune()
    archives = sorted(settings.ARCHIVE_DIR.iterdir())
    assert any(b"Hana Sato" in gzip.decompress(path.read_bytes()) for path in archives)
    erase(whose(HANA.email), None)
    for path in archives:
        content = gzip.decompress(path.read_bytes()).decode().lower()
        assert not any(trace.lower() in content for trace in TRACES), path
        assert ArchiveCheck().check(path).troubles == []
    assert len(settings.ARCHIVE_DIR.glob("*") and list(settings.ARCHIVE_DIR.iterdir())) == len(archives)
    assert Event.objects.filter(what=Happened.ERASED).last().data["archives"].keys() <= {path.name for path in archives}
    seal_all()
    assert verify().good
    assert traces() == []


def test_it_refuses_while_something_of_theirs_runs(a_life, ran):
    ran(0, state=State.QUEUED)
    with pytest.raises(StillOpen):
        erase(whose(HANA.email), None)
    assert traces() != []


def test_it_counts_beforehand(a_life):
    found = counts(whose(HANA.email))
    assert (found.invocations, found.files) == (1, 1)
    assert (found.events, found.mentions) == (4, 2)


@pytest.mark.parametrize("said", ["nobody@studio.example", "", "p-", "%", "erased"])
def test_it_knows_nobody_else(a_life, said):
    assert not whose(said).known


def test_it_replaces_words_whatever_their_case():
    words = ["ana lee", "a.lee@x.org"]
    assert without({"A.Lee@x.org": ["to ANA LEE.", 7, None]}, words) == {ERASED_NAME: ["to erased person.", 7, None]}


def test_it_takes_short_names_for_ordinary_words():
    assert Whose("12345", names=frozenset({"Ada", "Bo Li"})).words == ["12345", "Bo Li"]


class TestCommand:
    def test_it_works(self, a_life):
        said = StringIO()
        call_command("erase_person", HANA.email, "--dry-run", stdout=said)
        assert "1 invocations, 1 files given" in said.getvalue()
        assert traces() != []
        call_command("erase_person", HANA.email, "--yes", stdout=said)
        assert traces() == []

    def test_it_refuses_nobody(self, db):
        with pytest.raises(CommandError, match="knows nobody"):
            call_command("erase_person", "nobody@studio.example")


class TestPage:
    @pytest.fixture
    def post(self, browser):  # noqa: F811
        ada = browser("ada")
        return lambda **sent: ada.post(reverse("admin:audit_erase"), sent, follow=True).content.decode()

    def test_it_works(self, a_life, post):
        assert "Hana Sato" in post(person=HANA.email)
        assert traces() != []
        assert "Erased. Event" in post(person=HANA.email, again=HANA.email)
        assert traces() == []
        assert Event.objects.filter(what=Happened.ERASED).first().actor_id == row("ada")["id"]

    def test_it_begins_empty(self, browser):  # noqa: F811
        page = browser("ada").get(reverse("admin:audit_erase")).content.decode()
        assert 'id="person"' in page
        assert "Erase for good" not in page

    def test_it_refuses_another_word(self, a_life, post):
        assert "Nothing was erased" in post(person=HANA.email, again="hana")
        assert traces() != []

    def test_it_says_who_is_not_known(self, db, post):
        assert "knows nobody" in post(person="nobody@studio.example")

    def test_it_refuses_who_is_no_studio_manager(self, a_life, browser):  # noqa: F811
        assert browser("hana").post(reverse("admin:audit_erase"), {"person": HANA.email}).status_code == 302
        assert traces() != []
