"""How long it takes to resolve 200 and 1,000 tasks, beside gazu one by one and beside the list requests alone.

    KITSU_URL=http://... KITSU_BOT_TOKEN=... .venv/bin/python benchmarks/resolve.py

Needs a Kitsu with a production of that many tasks; nothing is written there. The list requests are those for the tasks, the
entities and their parents by id, four at a time: the least that can be asked for. Rounds of the two alternate, with what
`resolve` keeps for half a minute forgotten before each; the ratio is that of the medians.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import gazu

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")

from kitsu_bridge.kitsu import recent
from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.interface import Kitsu
from kitsu_bridge.kitsu.resolve import resolve
from kitsu_bridge.kitsu.transport import Transport

SIZES = (200, 1000)
ROUNDS = 5


class Counted(Transport):
    """Counts what it asks."""

    asked = 0

    def get(self, *args, **more):
        """One more."""
        Counted.asked += 1
        return super().get(*args, **more)


def main() -> None:
    """Measure each size and print a line for it."""
    url, token = os.environ["KITSU_URL"], os.environ["KITSU_BOT_TOKEN"]
    studio = ZouStudio(url, bot_token=token)
    studio._transport = Counted(url, 30.0)
    bot = studio.bot()
    ids = most_tasks(bot)
    print(f"{'tasks':>6} {'requests':>8} {'resolve':>9} {'lists':>9} {'ratio':>6} {'one by one':>11}")
    for size in SIZES:
        if size > len(ids):
            print(f"{size:>6} The largest production has {len(ids):,} tasks only.")
            continue
        measure(bot, gazu.client.create_client(f"{studio._transport.root}/", access_token=token), ids[:size])


def most_tasks(bot: Kitsu) -> list[str]:
    """The tasks of the largest production, spread over it."""
    tasks = max((bot.project_tasks(row["id"]) for row in bot.projects()), key=len)
    ids = sorted(row["id"] for row in tasks)
    return ids[:: max(1, len(ids) // max(SIZES))]


def measure(bot: Kitsu, client: gazu.client.KitsuClient, ids: list[str]) -> None:
    """One line."""
    ours, lists = [], []
    for _ in range(ROUNDS):
        recent.forget()
        before = Counted.asked
        ours.append(seconds(lambda: resolve(bot, ids)))
        asked = Counted.asked - before
        recent.forget()
        lists.append(seconds(lambda: only_lists(bot, ids)))
    single = seconds(lambda: [gazu.task.get_task(one, client=client) for one in ids])
    mine, least = statistics.median(ours), statistics.median(lists)
    print(f"{len(ids):>6} {asked:>8} {mine:>8.2f}s {least:>8.2f}s {mine / least:>6.2f} {single:>10.2f}s")


def only_lists(bot: Kitsu, ids: list[str]) -> None:
    """Tasks, entities, parents; and what everything is called."""
    entities = bot.entities([row["entity_id"] for row in bot.tasks(ids)])
    bot.entities([row["parent_id"] for row in entities if row["parent_id"]])
    for read in (bot.task_types, bot.task_statuses, bot.persons, bot.entity_types, bot.open_projects):
        read()


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
