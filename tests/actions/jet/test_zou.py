"""Jet's messages beside a real Kitsu: entities are read as its people see them, and what is run reaches it."""

from __future__ import annotations

import os

import pytest

from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State

pytestmark = [pytest.mark.zou, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zou(beside_zou):
    return beside_zou()


@pytest.fixture
def shot(zou):
    """An entity with several tasks, and their ids, in a production."""
    for project in zou.bot().open_projects():
        by_entity = {}
        for row in zou.bot().project_tasks(project["id"]):
            by_entity.setdefault(row["entity_id"], []).append(row["id"])
        several = [(entity, sorted(ids)) for entity, ids in by_entity.items() if len(ids) > 1]
        if several:
            return project["id"], *several[0]
    raise AssertionError("The seed has no entity with several tasks.")


def test_it_works(jet, zou, shot, a_secret, an_action):
    _, entity, tasks = shot
    an_action()
    answer = jet("execute_action", {"name": "debug", "model": "entity", "ids": [entity]}, a_secret("admin@studio.test"))
    assert answer.json()["result"] is True
    invocation = Invocation.objects.get()
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    assert (invocation.door, invocation.state, invocation.task_ids) == (Door.JET, State.SUCCEEDED, tasks)


def test_all_but_these_is_the_rest_of_the_production(jet, zou, shot, a_secret, an_action):
    project_id, entity, tasks = shot
    an_action()
    secret = a_secret("admin@studio.test", production_ids=[project_id])
    jet("execute_action", {"name": "debug", "model": "entity", "ids": [entity], "inverseIds": True}, secret)
    everything = {row["id"] for row in zou.bot().project_tasks(project_id)}
    assert set(Invocation.objects.get().task_ids) == everything - set(tasks)


def test_a_persons_own_token_reads_as_that_person(jet, zou, shot, an_action):
    project_id, _, _ = shot
    an_action(projects=[project_id])
    own = zou.log_in("vendor@studio.test", os.environ["TEST_ZOU_PASSWORD"])
    jet("execute_action", {"name": "debug", "model": "task", "ids": [], "inverseIds": True}, own)
    invocation = Invocation.objects.get()
    assert invocation.task_count < len(zou.bot().project_tasks(project_id))
