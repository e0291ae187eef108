"""What previews say of a person's rights is what Kitsu then does, in the sample studio and in a real Zou."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.recent import forget
from kitsu_bridge.kitsu.tasks import Priority
from tests.actions.handlers.calling import plan
from tests.kitsu_bridge.kitsu import test_rights as rights
from tests.kitsu_bridge.kitsu.conftest import real
from tests.servers.production import Production

ROLES = {"lead": "supervisor", "painter": "user", "outsider": "user"}
"""Of those who are called otherwise than their role."""


class OfItsOwn(rights.World):
    """The same in a production of the real Zou that nobody else has: tasks of the first task type's department, and others."""

    def __init__(self, own):
        self.own, kitsus = own, real()
        kitsus.emails = {who: row["email"] for who, row in own.people.items()}
        super().__init__(kitsus, None)

    def _choose(self):
        types, own = {row["id"]: row for row in self.bot.task_types()}, self.own.task_type["department_id"]
        far = next(one for one, row in types.items() if row["for_entity"] == "Shot" and row["department_id"] != own)
        near, shots = self.own.tasks, [row["entity_id"] for row in self.own.tasks]
        ids = [near[0]["id"], near[1]["id"], *(row["id"] for row in self.own.tasks_of(far, shots[2:]))]
        self.free, self.mine, self.far, self.made = (
            {row["id"]: row for row in self.bot.tasks(ids)}[one] for one in ids
        )
        self.own.ask("PUT", f"data/entities/{shots[3]}", {"created_by": self.ids["painter"]})
        field = {"name": "Weather", "entity_type": "Shot", "data_type": "string", "departments": [own]}
        self.own.ask("POST", f"data/projects/{self.own.id}/metadata-descriptors", field)


@pytest.fixture(scope="module", params=["sample", pytest.param("zou", marks=pytest.mark.zou)])
def world(request, tmp_path_factory):
    if request.param == "sample":
        yield rights.World(rights.sample(folder := tmp_path_factory.mktemp("pictures")), folder)
        return
    own = Production(4, {})
    for who in rights.EVERYBODY:
        own.join(who, ROLES.get(who, who), [own.task_type["department_id"]] if who in {"lead", "painter"} else [])
    own.ask("DELETE", f"data/projects/{own.id}/team/{own.people['outsider']['id']}")
    forget()  # Whom and what tests before this one have read of Kitsu is kept for half a minute.
    yield OfItsOwn(own)
    own.remove()


@dataclass(frozen=True)
class Tried:
    """A kind's parameters, the same asked of Kitsu itself, and what is put back before. `blind`: clients do not see it."""

    parameters: Any
    write: Any
    before: Any = lambda w, row: None
    blind: bool = True


TRIED = {
    "comment": Tried(lambda w, who: {"text": "About the light"}, lambda w, s, who, row: w.comment(s, row), blind=False),
    "comment with a status": Tried(
        lambda w, who: {"status": w.statuses["locked"]},
        lambda w, s, who, row: w.comment(s, row, task_status_id=w.statuses["locked"]),
        lambda w, row: w.comment(w.bot, row, task_status_id=w.statuses["wip"]),
        blind=False,
    ),
    "assign": Tried(
        lambda w, who: {"people": (w.ids["painter"],)}, lambda w, s, who, row: s.assign([row["id"]], w.ids["painter"])
    ),
    "assign oneself": Tried(lambda w, who: {"me": True}, lambda w, s, who, row: s.assign([row["id"]], w.ids[who])),
    "unassign": Tried(
        lambda w, who: {"people": (w.ids["user"],)}, lambda w, s, who, row: s.unassign([row["id"]], w.ids["user"])
    ),
    "unassign oneself": Tried(lambda w, who: {"me": True}, lambda w, s, who, row: s.unassign([row["id"]], w.ids[who])),
    "priority": Tried(
        lambda w, who: {"priority": Priority.EMERGENCY},
        lambda w, s, who, row: s.set_priority([row["id"]], 3),
        lambda w, row: w.bot.set_priority([row["id"]], 0),
    ),
    "dates": Tried(
        lambda w, who: {"estimate": 2.0, "unit": "hours"},
        lambda w, s, who, row: s.update_task(row["id"], {"estimation": 120}),
        lambda w, row: w.bot.update_task(row["id"], {"estimation": 60}),
    ),
    "time_spent": Tried(
        lambda w, who: {"amount": 0.1, "day": date(2026, 3, 5), "person": w.ids["user"]},
        lambda w, s, who, row: s.set_time_spent(row["id"], w.ids["user"], "2026-03-05", 6),
    ),
    "metadata": Tried(
        lambda w, who: {"values": "Weather = storm"},
        lambda w, s, who, row: s.update_entity_data(row["entity_id"], {"weather": "storm"}),
        lambda w, row: w.bot.update_entity_data(row["entity_id"], {"weather": "fog"}),
        blind=False,
    ),
}


def steps(world, what, who, rows):
    """The preview's step for each of these tasks that the person sees."""
    parameters = TRIED[what].parameters(world, who)
    return {step.task.id: step for step in plan(what.split()[0], world.sessions[who], [row["id"] for row in rows],
                                                **parameters).steps}  # fmt: skip


def takes(world, what, who, row):
    try:
        return bool(TRIED[what].write(world, world.sessions[who], who, row))
    except KitsuError:
        return False


@pytest.mark.parametrize("what", TRIED)
def test_it_works(what, world):
    """Who is asked of in vain is told beforehand, and nobody else is."""
    rows, told = [world.free, world.mine, world.far, world.made], {}
    for who in rights.EVERYBODY:
        if who == "client" and TRIED[what].blind:
            continue
        world.restore()
        for row in rows:
            TRIED[what].before(world, row)
        for step in steps(world, what, who, rows).values():
            if not step.same:
                told[who, step.task.id] = step.blocked
                row = next(row for row in rows if row["id"] == step.task.id)
                assert step.blocked != takes(world, what, who, row), (who, step)
    assert set(told.values()) == ({False} if what == "unassign oneself" else {True, False})


def test_whoever_is_mentioned_may_answer(world):
    """On a task that is not theirs, with the status that it has; of anything else the preview says no."""
    (seen,) = world.bot.tasks([world.far["id"]])
    keeps, other = ({"text": "Here", "status": one} for one in (seen["task_status_id"], world.statuses["wfa"]))
    assert seen["task_status_id"] != world.statuses["wfa"]
    world.restore()

    def blocked(**parameters):
        (step,) = plan("comment", world.sessions["user"], [seen["id"]], **parameters).steps
        return step.blocked

    assert blocked(text="Here")
    name = next(row["full_name"] for row in world.bot.persons() if row["id"] == world.ids["user"])
    world.comment(world.bot, seen, comment=f"Look, @{name}")
    assert (blocked(text="Here"), blocked(**keeps), blocked(**other)) == (False, False, True)
    assert world.comment(world.sessions["user"], seen)
