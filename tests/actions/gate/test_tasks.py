from __future__ import annotations

import pytest

from actions.gate import for_the_tasks
from tests.actions.making import a_definition, a_person, a_resolution, a_task, an_id


def test_it_lets_tasks_through():
    assert for_the_tasks(a_definition(), a_person(), a_resolution(a_task()))


def test_it_refuses_when_nothing_is_left():
    verdict = for_the_tasks(a_definition(), a_person(), a_resolution(missing=3))
    assert verdict.code == "nothing_there"
    assert "3" in verdict.reason


def test_it_goes_on_with_what_is_left():
    assert for_the_tasks(a_definition(), a_person(), a_resolution(a_task(), missing=3))


def test_it_takes_the_entity_types_from_the_tasks():
    definition = a_definition(entity_types=["shot"])
    assert for_the_tasks(definition, a_person(), a_resolution(a_task(kind="shot")))
    verdict = for_the_tasks(definition, a_person(), a_resolution(a_task("S"), a_task("Rabbit", kind="asset")))
    assert verdict.code == "entity_type"
    assert "Rabbit" in verdict.reason


def test_it_asks_for_the_role_in_each_production():
    person = a_person("user", Fox="supervisor")
    definition = a_definition(roles=["supervisor"])
    assert for_the_tasks(definition, person, a_resolution(a_task(project="Fox")))
    both = a_resolution(a_task("A", project="Fox"), a_task("B", project="Hare"))
    verdict = for_the_tasks(definition, person, both)
    assert verdict.code == "role"
    assert "Hare" in verdict.reason


def test_a_production_can_take_a_role_away():
    person = a_person("supervisor", Fox="user")
    verdict = for_the_tasks(a_definition(roles=["supervisor"]), person, a_resolution(a_task(project="Fox")))
    assert verdict.code == "role"


def test_it_asks_for_the_production():
    definition = a_definition(projects=[an_id("Fox")])
    assert for_the_tasks(definition, a_person(), a_resolution(a_task(project="Fox")))
    assert for_the_tasks(definition, a_person(), a_resolution(a_task(project="Hare"))).code == "project"


@pytest.mark.parametrize(
    ("mine", "code"), [(["d1"], ""), (["d2", "d1"], ""), (["d2"], "department"), ([], "department")]
)
def test_it_asks_for_the_department(mine, code):
    person = a_person(departments=mine)
    assert for_the_tasks(a_definition(departments=["d1"]), person, a_resolution(a_task())).code == code
