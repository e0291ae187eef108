from __future__ import annotations

import random

from kitsu_bridge.kitsu.order import in_order, natural
from kitsu_bridge.kitsu.resolve import resolve
from tests.actions.making import a_task


def test_it_works(kitsu):
    tasks = list(resolve(kitsu.studio.bot(), kitsu.all_task_ids()))
    ordered = in_order(tasks)
    random.Random(2).shuffle(tasks)
    assert in_order(tasks) == ordered
    shots = [task for task in ordered if task.entity.kind == "shot"]
    places = [[one.name for one in (task.project, task.entity.episode, task.entity.sequence) if one] for task in shots]
    keys = [[natural(name) for name in place] for place in places]
    assert keys == sorted(keys)


def test_numbers_within_names_count_as_numbers():
    names = ["SH10", "sh2", "SH1", "10", "2a", "", "SH1_b", "SH²"]
    assert [task.entity.name for task in in_order(map(a_task, names))] == [
        "",
        "2a",
        "10",
        "SH1",
        "SH1_b",
        "sh2",
        "SH10",
        "SH²",
    ]
