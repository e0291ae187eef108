from __future__ import annotations

import pytest

from actions.worker.run import carry_out
from audit.models import Invocation, TaskResult
from audit.parts import PARTS
from audit.seals.sealing import seal_all
from audit.seals.verifying import verify
from tests.actions.conftest import a_queued_invocation, an_action, sample_person, sample_task_ids  # noqa: F401
from tests.audit.retention.conftest import folders, ran, rule, triggers  # noqa: F401

ALTERED = {
    "payload": {"payload": "selection=2"},
    "caller": {"address": "192.0.2.8"},
    "asked": {"options": {"else": 1}},
    "parameters": {"parameters": {"else": 1}},
    "outcome": {"message": "Two tasks."},
}


def test_it_works(ran):  # noqa: F811
    ran()
    seal_all()
    assert verify().good


@pytest.mark.parametrize("part", ALTERED)
def test_it_names_a_part_that_was_altered(ran, part):  # noqa: F811
    one = ran()
    seal_all()
    Invocation.objects.filter(pk=one.pk).update(**ALTERED[part])
    report = verify()
    assert f"The {part} of invocation {one.pk} was altered" in report.first.sentence
    assert len(report.troubles) == 1
    assert verify(parts=False).good


def test_it_names_results_that_were_altered(ran):  # noqa: F811
    one = ran()
    seal_all()
    TaskResult.objects.filter(invocation=one).update(state="failed")
    assert "The results of" in verify().first.sentence


@pytest.mark.parametrize("gone", [{"payload": 10**9}, {"payload": True}, {"payload": "1"}])
def test_it_refuses_a_part_that_nobody_tells_to_be_gone(ran, gone):  # noqa: F811
    one = ran()
    seal_all()
    Invocation.objects.filter(pk=one.pk).update(gone=gone, payload="")
    assert "The payload of" in verify().first.sentence


@pytest.mark.parametrize("salts", [{}, dict.fromkeys(PARTS, "no salt")])
def test_it_refuses_salts_that_are_none(ran, salts):  # noqa: F811
    one = ran()
    seal_all()
    Invocation.objects.filter(pk=one.pk).update(salts=salts)
    assert len(verify().troubles) == len(PARTS)


@pytest.mark.django_db(transaction=True)
def test_it_works_for_what_the_line_writes(an_action, a_queued_invocation):  # noqa: F811
    """A real run: nothing changes after its end what its last event binds."""
    one = a_queued_invocation(an_action(), 3)
    carry_out(str(one.pk))
    one.refresh_from_db()
    assert set(one.salts) == {"parameters", "outcome", "results"}
    seal_all()
    report = verify()
    assert report.troubles == []
    one.results.update(message="altered")
    assert "The results of" in verify().first.sentence
