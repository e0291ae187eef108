"""How many events a second are sealed and verified, beside a plain reading of the same rows in the same run.

    DATABASE_URL=postgres://... .venv/bin/python benchmarks/seals.py [--events 100000]

Needs a database of its own: events cannot be taken out again. Each event has an actor, a sentence and some data, as the line
writes them. Rounds of reading and verifying alternate; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # In this folder `statistics` is another benchmark.

import statistics  # noqa: E402

PART = 2000


def main() -> None:
    """Write, seal, then read and verify in turn."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--events", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    prepare()
    from audit.seals.sealing import seal_all
    from audit.seals.verifying import verify

    write(chosen.events)
    print(f"sealed    {rate(lambda: seal_all()):>9,.0f} events/s")
    rates: dict[str, list[float]] = {"read": [], "verified": []}
    for _ in range(chosen.rounds):
        rates["read"].append(rate(read))
        rates["verified"].append(rate(lambda: sound(verify())))
    read_rate, verified = (statistics.median(found) for found in rates.values())
    print(f"read      {read_rate:>9,.0f} events/s")
    print(f"verified  {verified:>9,.0f} events/s, {verified / read_rate:.2f} of reading")


def prepare() -> None:
    """Migrate; keys and seals file in a folder that goes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
    os.environ.update(LOG_LEVEL="ERROR", DATA_DIR=os.environ.get("DATA_DIR", tempfile.mkdtemp()))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def write(count: int) -> None:
    """As many events as there are to be, as the line writes them."""
    from audit.models import Event
    from audit.models.event import new_event
    from audit.states import Happened
    from kitsu_bridge.kitsu.people import Person

    person = Person("a24a6ea4-ce75-4665-a070-57453082c25", "hana@studio.example", "Hana Sato", "manager")
    for start in range(0, count, PART):
        many = range(min(PART, count - start))
        text, data = "Kitsu confirmed who it is.", {"queue": "actions", "tasks": 20, "worker": "render-17:4711"}
        Event.objects.bulk_create([new_event(Happened.PROVEN, actor=person, text=text, data=data) for _ in many])


def read() -> int:
    """All rows and nothing else."""
    from audit.seals.rows import AFTER
    from audit.seals.rows import read as rows

    return sum(1 for _ in rows([[1, AFTER]]))


def sound(report: object) -> int:
    """How many events, where all is well."""
    from audit.seals.trouble import Report

    assert isinstance(report, Report)
    assert report.good, report.first
    return report.events


def rate(work: Callable[[], int]) -> float:
    """Events a second."""
    began = time.monotonic()
    return work() / (time.monotonic() - began)


if __name__ == "__main__":
    main()
