"""How long the log takes at ten thousand and at ten million invocations: each filter, the search, the last page, by three people.

    DATABASE_URL=postgres://... .venv/bin/python -m benchmarks.log --small 10000 --large 10000000 --rounds 5

Makes two databases beside the one named (`..._10000`, `..._10000000`; kept, and used again next time) with synthetic rows written
by COPY: 40 actions, 300 persons and 30 productions, few of which make most of the calls, over three years. Asks each question in
both, in turn, as an artist, a supervisor of three productions and a studio manager, and prints medians in milliseconds and their
ratio: of the whole page, and of what it asks of the database, 50 rows and the bounded count. `--explain` prints the plans of one
question. Wants about 2.5 GB of disk for each million.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")

LAST = ", last page"
ACTIONS, PERSONS, PRODUCTIONS, YEARS = 40, 300, 30, 3
PARTS = 2
"""Copied at once."""

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
STATES = {
    "succeeded": 84,
    "partial": 4,
    "failed": 5,
    "refused": 4,
    "crashed": 1,
    "cancelled": 1.5,
    "expired": 0.4,
    "queued": 0.1,
}
DOORS = {"form": 80, "ajax": 12, "link": 4, "rerun": 3.9, "feedback": 0.1}
CODES = {"disk_full": 60, "role": 25, "entity_type": 10, "unknown_person": 4.9, "session_lost": 0.1}
WORDS = [
    "render",
    "comments",
    "playlist",
    "frames",
    "missing",
    "proxy",
    "upload",
    "retake",
    "approved",
    "camera",
    "cloth",
    "fur",
    "light",
    "lens",
    "grade",
]
ALWAYS = {
    "payload": "selection=" + "0123abcd-" * 15,
    "payload_type": "application/x-www-form-urlencoded",
    "definition": json.dumps({"name": "An action", "roles": ["user", "supervisor"], "options": {"text": "x" * 120}}),
    "understood": json.dumps({"currentserver": "https://kitsu.studio", "currentpath": "/productions/x/shots"}),
    "outcome": json.dumps({"message": "Done.", "data": {"lines": ["abc"] * 5}}),
}
VARYING = (
    "id", "received_at", "door", "action_slug", "action_name", "kind", "trust", "person_id", "person_name", "person_email",
    "person_role", "project_ids", "project_names", "entities", "task_ids", "task_count", "state", "reason", "reason_code",
    "message", "started_at", "finished_at", "fingerprint",
)  # fmt: skip


def named(kind: str, number: int) -> str:
    """The same id for the same thing in each run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {number}"))


class Chosen:
    """Picks with the skew of life: the n-th is asked for 1/n as often as the first."""

    def __init__(self, dice: random.Random, values: list[Any], weights: list[float] | None = None) -> None:
        self.dice, self.values = dice, values
        self.weights = list(accumulate(weights or [1 / (place + 1) for place in range(len(values))]))

    def many(self, count: int) -> list[Any]:
        """So many of them."""
        return self.dice.choices(self.values, cum_weights=self.weights, k=count)


def rows(count: int, begin: int, end: int) -> Iterator[str]:
    """Lines for COPY, oldest first, as they come in life: of `count`, those from `begin` until `end`."""
    dice = random.Random(begin)
    choose = {
        "action": Chosen(dice, list(range(ACTIONS))), "person": Chosen(dice, list(range(PERSONS))),
        "production": Chosen(dice, list(range(PRODUCTIONS))), "state": Chosen(dice, list(STATES), list(STATES.values())),
        "door": Chosen(dice, list(DOORS), list(DOORS.values())), "code": Chosen(dice, list(CODES), list(CODES.values())),
    }  # fmt: skip
    ids = {kind: [named(kind, place) for place in range(300)] for kind in ("person", "production")}
    step = timedelta(days=365 * YEARS) / count
    for start in range(begin, end, 1000):
        picked = zip(*[one.many(1000) for one in choose.values()], strict=True)
        for offset, (action, person, production, state, door, code) in enumerate(picked):
            if start + offset >= end:
                return
            at = NOW - step * (count - start - offset)
            yield line(dice, at, action, person, production, state, door, code, ids)


def line(
    dice: random.Random, at: datetime, action: int, person: int, production: int, state: str, door: str, code: str,
    ids: dict[str, list[str]],
) -> str:  # fmt: skip
    """One invocation."""
    bits = dice.getrandbits(128)
    tasks = 1 + int(dice.expovariate(0.4))
    shots = [(bits >> 3 * shift) % 6000 for shift in range(min(tasks, 5))]
    both = [production, (production + 1) % PRODUCTIONS] if bits % 100 == 0 else [production]
    read = state != "refused"
    good = state in {"succeeded", "queued"}
    said = f"{WORDS[bits % 15]} {WORDS[bits // 15 % 15]} of {tasks} tasks, job {bits % 100_000}"
    lasting = dice.expovariate(0.05) if bits % 997 else dice.expovariate(0.0002)
    values = (
        uuid.UUID(int=bits), at.isoformat(), door, f"action-{action}", f"Action {action} {WORDS[action % 15]}",
        f"kind_{action % 18}", "claimed" if bits % 20 == 0 else "proven", ids["person"][person],
        f"Person{person} Surname{person % 50}",
        f"person{person}@studio.example", "user", json.dumps([ids["production"][one] for one in both] if read else []),
        json.dumps([f"Production {one}" for one in both] if read else []),
        "\\n".join(f"E{one % 6:02} / SQ{one // 100:03} / SH{one:04}" for one in shots) if read else "",
        json.dumps([f"{bits >> 40 & 0xFFFFFFFF:08x}-0000-4000-8000-{(bits + one) % 2**48:012x}" for one in range(tasks)]), tasks,
        state, "" if good else f"{code} while {said}", "" if good else code, said if good else "",
        at.isoformat() if read else r"\N", (at + timedelta(seconds=lasting)).isoformat() if read else r"\N", f"{bits:032x}",
    )  # fmt: skip
    return "\t".join(map(str, values)) + "\n"


def use(name: str) -> None:
    """From now on, Django asks this database."""
    from django.db import connections

    connection = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def make(name: str, count: int) -> None:
    """The database with its rows, unless it stands. Indexes are made after the rows: that is quicker, and they are as in life."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = bool(cursor.fetchone())
        if not there:
            cursor.execute(f'CREATE DATABASE "{name}"')
    use(name)
    call_command("migrate", verbosity=0)
    if there:
        return
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'audit_invocation' AND indexname !~ '_pkey$'"
        )
        indexes = cursor.fetchall()
        for index, _ in indexes:
            cursor.execute(f'DROP INDEX "{index}"')
        fill(cursor, count)
        print(f"{count:,} rows after {time.monotonic() - began:,.0f} s", flush=True)
        for _, made in indexes:
            cursor.execute(made)
        cursor.execute("VACUUM (ANALYZE) audit_invocation")
        print(f"and indexes after {time.monotonic() - began:,.0f} s", flush=True)
        sizes(cursor)


def fill(cursor: Any, count: int) -> None:
    """COPY; what is the same in all rows is the column's default meanwhile."""
    cursor.execute(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_name = 'audit_invocation' AND is_generated = 'NEVER'"
    )
    empty = {"jsonb": "{}", "boolean": "false", "integer": "0", "smallint": "0", "character varying": "", "text": ""}
    constant = [
        (name, ALWAYS.get(name, empty.get(kind, "")))
        for name, kind, null in cursor.fetchall()
        if name not in VARYING and null == "NO"
    ]
    for name, value in constant:
        cursor.execute(f"ALTER TABLE audit_invocation ALTER COLUMN \"{name}\" SET DEFAULT '{value}'")
    step = -(-count // PARTS)
    with ThreadPoolExecutor(PARTS) as parts:
        list(parts.map(lambda begin: copy(count, begin, min(begin + step, count)), range(0, count, step)))
    for name, _ in constant:
        cursor.execute(f'ALTER TABLE audit_invocation ALTER COLUMN "{name}" DROP DEFAULT')


def copy(count: int, begin: int, end: int) -> None:
    """One part of the rows, over a connection of its own."""
    from django.db import connection

    try:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY audit_invocation ({', '.join(VARYING)}) FROM STDIN") as to,
        ):
            for text in rows(count, begin, end):
                to.write(text)
    finally:
        connection.close()


def sizes(cursor: Any) -> None:
    """Of the table and of each index."""
    cursor.execute("SELECT pg_size_pretty(pg_table_size('audit_invocation'))")
    print(f"  table {cursor.fetchone()[0]}")
    cursor.execute(
        "SELECT indexrelname, pg_size_pretty(pg_relation_size(indexrelid)) FROM pg_stat_user_indexes "
        "WHERE relname = 'audit_invocation' ORDER BY pg_relation_size(indexrelid) DESC"
    )
    for name, size in cursor.fetchall():
        print(f"  {name} {size}")


def people() -> dict[str, Any]:
    """Who asks: none of them the busiest, the supervisor's productions a large, a middling and a small one."""
    from kitsu_bridge.kitsu.people import Person

    led = frozenset(named("production", place) for place in (1, 9, 25))
    return {
        "artist": Person(named("person", 10), "a@studio.example", "Artist", "user"),
        "supervisor": Person(named("person", 15), "s@studio.example", "Supervisor", "supervisor", projects=led),
        "manager": Person(named("person", 80), "m@studio.example", "Manager", "admin"),
    }


QUESTIONS: dict[str, dict[str, Any]] = {
    "all": {},
    "action, often": {"action": "action-0"},
    "action, seldom": {"action": "action-39"},
    "action by name": {"action": "Action 7 frames"},
    "kind": {"kind": "kind_17"},
    "person, often": {"person": "person1@"},
    "person, seldom": {"person": named("person", 299)},
    "person by name": {"person": "Person150 "},
    "trust": {"trust": "claimed"},
    "production, large": {"production": named("production", 1)},
    "production, small": {"production": named("production", 25)},
    "production by name": {"production": "Production 9"},
    "state failed": {"state": "failed"},
    "state expired": {"state": "expired"},
    "states": {"state": ["failed", "crashed", "expired"]},
    "door": {"door": "ajax"},
    "door, seldom": {"door": "feedback"},
    "code": {"code": "disk_full"},
    "code, seldom": {"code": "session_lost"},
    "error text": {"error": "disk cloth"},
    "entity": {"entity": "SQ021 SH2105"},
    "entity, many": {"entity": "SQ021"},
    "a task's id": {"entity": "00000000-0000-4000-8000-000000000000"},
    "a week": {"since": "2025-06-01", "until": "2025-06-07"},
    "ran 1 h": {"longer": "1h"},
    "ran 5 h": {"longer": "5h"},
    "search, often": {"q": "cloth"},
    "search, two words": {"q": "cloth frames"},
    "search, beginning": {"q": "approv*"},
    "search, seldom": {"q": "99421"},
    "search, nothing": {"q": "zeppelin"},
    "search, a name": {"q": "surname17 cloth"},
    "two filters": {"action": "action-12", "state": "failed"},
    "three filters": {"production": named("production", 9), "state": "failed", "person": named("person", 20)},
}


def reading(person: Any, query: dict[str, Any], last: bool) -> Callable[[], int]:
    """What the page asks of the database; gives how many rows it shows."""
    from audit.access import Sight, led_by
    from audit.log.filters import Filters
    from audit.log.pages import page_of
    from audit.log.walk import Walk

    sight = Sight(person.id, tuple(sorted(led_by(person))), person.is_studio_manager)

    def read() -> int:
        walk = Walk.through(sight, Filters.read(query, person))
        return len(page_of(walk, {"page": "last"} if last else {}).rows)

    return read


def opening(person: Any, query: dict[str, Any], last: bool) -> Callable[[], Any]:
    """The whole page, as Django gives it to the browser of somebody whom Kitsu has confirmed."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.signed_cookies import SessionStore
    from django.test import RequestFactory

    from audit.views.log import log
    from kitsu_bridge.kitsu.signin.identity import Identity

    def open_page() -> None:
        request = RequestFactory().get("/log/", query | ({"page": "last"} if last else {}))
        request.identity = Identity(person, source="cookie")  # type: ignore[attr-defined]
        request.session, request.user = SessionStore(), AnonymousUser()
        answer = log(request)
        assert answer.status_code == 200

    return open_page


def timed(ask: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def compare(small: str, large: str, rounds: int, only: str) -> None:
    """A line for each question and person: rows shown, the page, the database's part of it. The databases take turns."""
    head = f"{'small':>9} {'large':>9} {'ratio':>7}"
    print(f"{'question':<32} {'who':<11} {'rows':>7} {head} {'database':>8} {head}")
    for title in (f"{name}{end}" for name in QUESTIONS for end in ("", LAST)):
        if only in title:
            for who in people():
                tell(f"{title:<32} {who:<11}", title, who, (small, large), rounds)


def tell(head: str, title: str, who: str, names: tuple[str, str], rounds: int) -> None:
    """Medians of one question as one person in both databases; the first asking of each turn only warms."""
    asked = people()[who], QUESTIONS[title.removesuffix(LAST)], title.endswith(LAST)
    page, read = opening(*asked), reading(*asked)
    pages: dict[str, list[float]] = {name: [] for name in names}
    reads: dict[str, list[float]] = {name: [] for name in names}
    rows: dict[str, int] = {}
    for name in names * rounds:
        use(name)
        rows[name] = read()
        page()
        pages[name] += [timed(page) for _ in range(3)]
        reads[name] += [timed(read) for _ in range(3)]
    shown = "/".join(str(rows[name]) for name in names)
    told = [[median(found[name]) for name in names] for found in (pages, reads)]
    figures = [f"{one:>9.2f} {two:>9.2f} {two / one:>7.2f}" for one, two in told]
    print(f"{head} {shown:>7} {(' ' * 10).join(figures)}", flush=True)


def explain(name: str, title: str) -> None:
    """The plans of one question's reading, as each person."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    use(name)
    for who, person in people().items():
        with CaptureQueriesContext(connection) as captured:
            reading(person, QUESTIONS[title.removesuffix(LAST)], title.endswith(LAST))()
        for query in captured.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"].replace("%", "%%"))
                print(f"-- {who}: {query['sql'][:2000]}", *[row[0] for row in cursor.fetchall()], "", sep="\n")


def main() -> None:
    """Make what is missing, then compare or explain."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--small", type=int, default=10_000)
    arguments.add_argument("--large", type=int, default=10_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", default="", help="questions with this in their name")
    arguments.add_argument("--explain", default="", help="a question: its plans in the large database instead")
    chosen = arguments.parse_args()
    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    small, large = f"{name}_{chosen.small}", f"{name}_{chosen.large}"
    for database, count in ((small, chosen.small), (large, chosen.large)):
        use(name)
        make(database, count)
    if chosen.explain:
        explain(large, chosen.explain)
    else:
        compare(small, large, chosen.rounds, chosen.only)


if __name__ == "__main__":
    main()
