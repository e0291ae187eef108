"""The tables of a record as files: whose they are, what is in them, and that it is written down."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse

from audit.models import Invocation, InvocationFile, LogLine
from audit.record.happenings import AT_ONCE
from audit.record.tables import FORMS, TABLES
from audit.states import Happened, State

pytestmark = pytest.mark.django_db

EVIL = '=HYPERLINK("http://x")'


def taken(client, invocation, part, form="json"):
    response = client.get(reverse(f"record_{part}_table", args=[invocation.pk, form]))
    if response.status_code != 200:
        return response.status_code
    text = b"".join(response).decode("utf-8-sig")
    return json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_works(browser, an_invocation):
    invocation = an_invocation()
    invocation.event(Happened.QUEUED, text=EVIL).save()
    invocation.event(Happened.FINISHED, state="failed", seconds=1).save()
    queued, ended, told = taken(browser("noa"), invocation, "events")
    assert (queued["what"], queued["text"], queued["changes"]) == ("queued", EVIL, "State: Queued")
    assert (ended["changes"], ended["facts"]) == ("State: Queued → Failed", "seconds: 1")
    assert queued["at_utc"].endswith("+00:00")
    assert queued["seconds_after"] is None
    assert (told["who"], told["text"]) == ("Noa Bar-Lev", "“What happened” was downloaded as JSON.")
    again = taken(browser("noa"), invocation, "events", "csv")
    assert [row["what"] for row in again] == ["queued", "finished", "exported", "exported"]
    assert again[0]["text"] == f"'{EVIL}"


@pytest.mark.parametrize("part", list(TABLES))
@pytest.mark.parametrize("form", list(FORMS))
def test_its_page_leads_to_it_and_what_is_nothing_is_a_file_as_well(browser, an_invocation, part, form):
    invocation = an_invocation("noa")
    noa = browser("noa")
    link = reverse(f"record_{part}_table", args=[invocation.pk, form])
    assert f'href="{link}"' in noa.get(reverse(f"record_{part}", args=[invocation.pk])).text
    assert len(taken(noa, invocation, part, form)) == {"events": 1, "runs": 1}.get(part, 0)
    assert invocation.events.filter(what=Happened.EXPORTED).count() == 1


@pytest.mark.parametrize("part", list(TABLES))
def test_it_is_for_those_who_may_look_into_the_record(browser, an_invocation, project_ids, part):
    invocation = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    names = ("noa", "greta", "ada", "emile", "luis", "clara", "pixelworks")
    assert [name for name in names if taken(browser(name), invocation, part) != 404] == ["noa", "greta", "ada"]
    assert taken(browser(), invocation, part) == 302
    assert invocation.events.filter(what=Happened.EXPORTED).count() == 3


def test_what_there_is_not_is_not_found(browser, an_invocation):
    invocation = an_invocation("noa")
    assert taken(browser("noa"), invocation, "events", "exe") == 404
    assert not invocation.events.exists()


def test_it_goes_on_to_the_last_event(browser, an_invocation):
    invocation = an_invocation("noa")
    for number in range(AT_ONCE + 5):
        invocation.event(Happened.RECEIVED, text=str(number)).save()
    found = taken(browser("noa"), invocation, "events")
    assert [row["text"] for row in found[:-1]] == [str(number) for number in range(AT_ONCE + 5)]


def test_lines_files_and_runs(browser, an_invocation):
    first = an_invocation("noa", state=State.FAILED, reason="Disk full")
    LogLine.objects.create(invocation=first, level="warning", text=f"{EVIL}\nand more")
    InvocationFile.objects.create(invocation=first, origin="made", name=f"{EVIL}.csv", size=12, content_type="text/csv")
    again, hidden = an_invocation("noa", rerun_of=first), an_invocation("luis", rerun_of=first)
    client = browser("noa")
    (line,) = taken(client, first, "lines")
    assert (line["level"], line["text"]) == ("warning", f"{EVIL}\nand more")
    (file,) = taken(client, first, "files", "csv")
    assert (file["name"], file["bytes"], file["whose"]) == (f"'{EVIL}.csv", "12", "made")
    runs = [(row["relation"], row["id"]) for row in taken(client, first, "runs")]
    assert runs == [("this one", str(first.pk)), ("after", str(again.pk))]
    assert str(hidden.pk) in str(taken(browser("ada"), first, "runs"))
    assert Invocation.objects.count() == 3


def test_the_definition_is_for_leads(browser, an_invocation, project_ids):
    invocation = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    address = reverse("record_definition_table", args=[invocation.pk, "csv"])
    assert browser("noa").get(address).status_code == 404
    response = browser("greta").get(address)
    header, *fields = csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"), newline=""))
    assert header == ["field", "then", "now", "changed"]
    assert ["Time limit", "60", "60", "no"] in fields
    assert f'href="{address}"' in browser("greta").get(reverse("record_definition", args=[invocation.pk])).text
