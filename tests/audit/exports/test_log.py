"""The log as a file: what is in it, for whom, that it is written down, and in how much memory."""

from __future__ import annotations

import csv
import io
import json
import resource
from datetime import timedelta
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.access import Sight
from audit.exports.forms import csv_bytes, xlsx_file
from audit.exports.preparing import prepare
from audit.exports.rows import COLUMNS, pieces
from audit.models import Event, Export, Invocation
from audit.states import Happened, State

pytestmark = pytest.mark.django_db

EVIL = '=HYPERLINK("http://x")'
PEOPLE = ("noa", "greta", "hana", "ada", "clara", "pixelworks", "luis")


def told():
    return [(event.actor_name, event.data) for event in Event.objects.filter(what=Happened.EXPORTED).order_by("pk")]


def body(response):
    return b"".join(response).decode("utf-8-sig")


def table(client, **query):
    response = client.post(reverse("log_export"), {"form": "csv"} | query)
    return list(csv.DictReader(io.StringIO(body(response), newline="")))


def workbook(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def many(one, count):
    """Copies of one invocation, made by the database itself."""
    fields = [field.column for field in Invocation._meta.concrete_fields if not getattr(field, "generated", False)]
    table_name, own = Invocation._meta.db_table, {"id", "received_at"}
    kept = ", ".join(name for name in fields if name not in own)
    postgres = connection.vendor == "postgresql"
    new_id = "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
    at = "received_at - n * interval '1 second'" if postgres else "datetime(received_at, '-' || n || ' seconds')"
    statement = (
        f"INSERT INTO {table_name} (id, received_at, {kept}) WITH RECURSIVE numbers(n) AS "  # noqa: S608
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
        f"SELECT {new_id}, {at}, {kept} FROM {table_name}, numbers WHERE id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [one.pk if postgres else one.pk.hex])


def test_it_works(browser, an_invocation, project_ids):
    now = timezone.now().replace(microsecond=0)
    first = an_invocation("noa", action_name="Été 🎬", message="All good", task_count=3, received_at=now,
                          started_at=now, finished_at=now + timedelta(seconds=1.5), project_names=["A", "B"],
                          entities="SH1\n=SH2")  # fmt: skip
    again = an_invocation("noa", rerun_of=first, state=State.FAILED, received_at=now + timedelta(seconds=5))
    client = browser("noa")
    page = client.get(reverse("log_export")).text
    assert "<strong>2 invocations</strong>" in page
    newest, oldest = table(client)
    assert (newest["id"], newest["rerun_of"], newest["state"]) == (str(again.pk), str(first.pk), "failed")
    assert (oldest["action"], oldest["tasks"], oldest["seconds"]) == ("Été 🎬", "3", "1.5")
    assert (oldest["productions"], oldest["entities"], newest["entities"]) == ("A; B", "SH1; =SH2", "")
    assert oldest["received_utc"] == now.isoformat()
    lines = body(client.post(reverse("log_export"), {"form": "jsonl"})).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [newest["id"], oldest["id"]]
    assert [json.loads(lines[1])[name] for name in ("productions", "entities")] == [["A", "B"], ["SH1", "=SH2"]]
    assert list(json.loads(lines[0])) == list(COLUMNS)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_it_is_written_down(browser, an_invocation, form):
    an_invocation("noa", state=State.FAILED)
    an_invocation("noa")
    body(browser("noa").post(reverse("log_export"), {"form": form, "state": "failed"}))
    assert told() == [("Noa Bar-Lev", {"form": form, "filters": "state=failed", "rows": 1})] * 2
    asked, over = Event.objects.filter(what=Happened.EXPORTED).order_by("pk")
    assert "asked for: State: Failed." in asked.text
    assert "handed over: State: Failed." in over.text


def test_what_broke_off_is_written_down_as_that(browser, an_invocation, monkeypatch):
    monkeypatch.setattr("audit.exports.rows.AT_ONCE", 2)
    for _ in range(6):
        an_invocation("noa")
    response = browser("noa").post(reverse("log_export"), {"form": "csv"})
    parts = iter(response.streaming_content)
    for _ in range(3):
        next(parts)
    response._iterator.close()  # As a server does when the browser has gone.
    assert "2 rows of the log as CSV handed over before it broke off" in Event.objects.order_by("-pk").first().text


def test_everybody_takes_what_they_may_see(browser, an_invocation, project_ids):
    """The same rows as in the list, in every form."""
    short = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    feature = an_invocation("luis", project_ids=[project_ids["Ninth Tide"]])
    both = an_invocation("emile", project_ids=list(project_ids.values()))
    theirs = an_invocation("clara"), an_invocation("pixelworks")
    expected = {"noa": {short}, "greta": {short}, "luis": {feature}, "clara": {theirs[0]}, "pixelworks": {theirs[1]},
                "ada": {short, feature, both, *theirs}}  # fmt: skip
    for name, rows in expected.items():
        client = browser(name)
        ids = {str(one.pk) for one in rows}
        assert {row["id"] for row in table(client)} == ids, name
        client.post(reverse("log_export"), {"form": "xlsx"})
        export = Export.objects.first()
        prepare(export.pk)
        content = workbook(b"".join(client.get(reverse("export_file", args=[export.pk]))))
        assert {row[0] for row in content[1:]} == ids, name


def test_formulas_are_defused(browser, an_invocation):
    for text in (EVIL, "+1", "-1", "@x", "\t=1", "＝1"):
        an_invocation("robin", action_name=text, message=text, project_names=[text])
    for row in table(browser("robin")):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in row.values()), row


@pytest.mark.parametrize("sent", [{"form": "exe"}, {"form": "csv", "state": "nothing"}, {"form": "xlsx", "since": "x"}])
def test_what_cannot_be_understood_is_no_export(browser, an_invocation, sent):
    an_invocation("noa")
    assert browser("noa").post(reverse("log_export"), sent).status_code == 422
    assert (told(), Export.objects.count()) == ([], 0)


def test_nothing_is_a_file_as_well(browser, db):
    assert table(browser("noa")) == []
    assert body(browser("noa").post(reverse("log_export"), {"form": "jsonl"})) == ""
    browser("noa").post(reverse("log_export"), {"form": "xlsx"})
    export = Export.objects.get()
    prepare(export.pk)
    export.refresh_from_db()
    assert (export.state, export.rows) == (Export.State.READY, 0)


def test_each_row_comes_once_whatever_comes_meanwhile(an_invocation, monkeypatch):
    monkeypatch.setattr("audit.exports.rows.AT_ONCE", 2)
    at = timezone.now()
    before = {an_invocation(received_at=at).pk for _ in range(5)}
    found = []
    for piece in pieces(Invocation.objects.all()):
        found += [one.pk for one in piece]
        an_invocation()
    assert len(found) == 5
    assert set(found) == before


def test_sight_is_the_same_after_a_row():
    sight = Sight("a", ("p", "q"), everything=False)
    assert Sight.from_json(json.loads(json.dumps(sight.as_json()))) == sight


def test_memory_does_not_grow_with_the_rows(an_invocation, tmp_path):
    """A hundred thousand rows, in the memory of a few pieces of a thousand; a workbook of some of them as well."""
    one = an_invocation("noa", message="All good")
    many(one, 99_999)
    sizes = []

    def measured(most=None):
        for piece in islice(pieces(Invocation.objects.all()), most):
            yield piece
            sizes.append(memory())

    assert sum(part.count(b"\n") for part in csv_bytes(measured())) == 100_001
    xlsx_file(tmp_path / "log.xlsx", measured(8))
    grown = max(sizes) - sizes[2]
    assert grown < 60_000_000, f"{grown:,} bytes more than at the third thousand"


def memory():
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
