"""How long the overview takes beside a plain scan of the same range, and how long counting takes, at a million invocations.

    DATABASE_URL=postgres://... .venv/bin/python benchmarks/overview.py [invocations]

Makes a database of its own beside the one of DATABASE_URL and drops it at the end. The scan is one `count(*)` by state over the
invocations of the range: the least that a page without counted days would have to do, for a single one of its tables.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `statistics` is a benchmark beside this one, too.
SERVER, _, _ = os.environ["DATABASE_URL"].rpartition("/")
NAME = "bench_overview"
os.environ["DATABASE_URL"] = f"{SERVER}/{NAME}"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
os.environ["LOG_LEVEL"] = "ERROR"

ROUNDS = 5
DAYS = 365

# A year of a studio: 30 actions, 120 people, 8 productions, most calls from Kitsu's form, most of them good. What no line of
# `OWN` says is as in the one row that is there already.
OWN = {
    "id": "gen_random_uuid()",
    "received_at": "at",
    "door": "CASE WHEN luck < 0.8 THEN 'form' WHEN luck < 0.95 THEN 'ajax' ELSE 'rerun' END",
    "action_slug": "'action-' || action",
    "action_name": "'Action ' || action",
    "kind": "'kind_' || action % 18",
    "person_id": "'person-' || person",
    "person_name": "'Person ' || person",
    "project_ids": "jsonb_build_array('production-' || person % 8)",
    "project_names": "jsonb_build_array('Production ' || person % 8)",
    "state": "fate",
    "reason_code": "CASE fate WHEN 'refused' THEN 'too_many_tasks' ELSE '' END",
    "queued_at": "at",
    "started_at": "CASE WHEN fate <> 'refused' THEN at + wait END",
    "finished_at": "CASE WHEN fate <> 'refused' THEN at + wait + ran END",
}
DICE = """
SELECT now() - random() * interval '{days} days' AS at, random() AS luck,
    (CASE WHEN number % 100 < 85 THEN 'succeeded' WHEN number % 100 < 92 THEN 'failed'
        WHEN number % 100 < 97 THEN 'refused' ELSE 'partial' END) AS fate,
    floor(30 * power(random(), 2))::int AS action, floor(120 * power(random(), 2))::int AS person,
    random() * interval '4 seconds' AS wait, exp(random() * 6) * interval '0.2 seconds' AS ran
FROM generate_series(1, {rows}) AS number
"""


def main() -> None:
    """Make the rows, count them, and measure both ways for several ranges."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    import django

    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"{rows:,} rows over {DAYS} days made in {seconds(lambda: fill(rows)):.0f} s")
    print(f"all days counted in {seconds(lambda: call_command('count_days')):.0f} s")
    report()
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def fill(rows: int) -> None:
    """The record of a year."""
    from actions.line.recording import COLUMNS
    from audit.models import Invocation

    first = Invocation.objects.create(
        door="form", state="succeeded", trust="proven", payload="x" * 400, definition={"time_limit": 600}, task_count=1,
        task_ids=["5b1c3f52-5d2f-4f0e-9d29-8a4a3c0b1a11"], message="Done.", queue="actions", person_role="user",
    )  # fmt: skip
    names = COLUMNS[Invocation]
    values = ", ".join(OWN.get(name, f"first.{name}") for name in names)
    dice = DICE.format(rows=rows, days=DAYS)
    statement = (
        f"INSERT INTO audit_invocation ({', '.join(names)}) SELECT {values} "  # noqa: S608 - nothing of it is given
        f"FROM ({dice}) AS dice, (SELECT * FROM audit_invocation) AS first"
    )
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
        connection.execute("VACUUM ANALYZE audit_invocation")
    first.delete()


def report() -> None:
    """One line for each range, and one for the day that changes."""
    from django.db import connection
    from django.utils import timezone

    from audit.models import DayCount, DayTime
    from audit.overview.asked import Asked
    from audit.overview.counting import count_day
    from audit.views.overview import TABLES

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_daycount")
        cursor.execute("VACUUM ANALYZE audit_daytime")
    print(f"{DayCount.objects.count():,} rows of counts, {DayTime.objects.count():,} of times")
    print(f"{'narrowed':>10} {'days':>5} {'overview':>9} {'scan':>9} {'ratio':>6}")
    narrowed = {"all": {}, "action": {"action": "action-0"}, "production": {"production": "production-0"}}
    for name, query in narrowed.items():
        for days in (7, 30, 90, DAYS):
            asked = Asked.read({"days": str(days), **query}, None)
            ours, scans = [], []
            for _ in range(ROUNDS):
                ours.append(seconds(lambda asked=asked: [read(asked) for read in TABLES.values()]))
                scans.append(seconds(lambda asked=asked: scan(asked)))
            mine, least = middle(ours), middle(scans)
            print(f"{name:>10} {days:>5} {mine:>8.3f}s {least:>8.3f}s {mine / least:>6.2f}")
    yesterday = timezone.localdate() - timedelta(days=1)
    print(f"one day counted anew in {seconds(lambda: count_day(yesterday)):.3f} s")


def scan(asked) -> None:
    """Count the invocations of the range by state, from the record itself."""
    from django.db.models import Count

    from audit.models import Invocation
    from audit.overview.counting import begin_of, end_of

    rows = Invocation.objects.filter(received_at__gte=begin_of(asked.since), received_at__lt=end_of(asked.until))
    list(rows.order_by().values("state").annotate(many=Count("pk")))


def middle(times: list[float]) -> float:
    """Their median."""
    return sorted(times)[len(times) // 2]


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
