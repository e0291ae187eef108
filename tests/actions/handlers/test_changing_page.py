"""The kinds that change tasks, in the whole line: what is written into the record, and how a change looks on a page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actions.worker.run import carry_out
from audit.states import State
from kitsu_bridge.kitsu.studio import studio
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

ROBIN = "&lt;script&gt;alert(&#x27;Robin&#x27;)&lt;/script&gt;"


@pytest.fixture
def ran(an_action, a_queued_invocation):
    """Runs a kind as Ada: `ran("assign", count=5, me=True)`."""

    def run(kind, *, count=5, **parameters):
        invocation = a_queued_invocation(an_action(kind), count=count, parameters=parameters)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return run


def a_person(name):
    people = studio().bot().persons()
    return next(row["id"] for row in people if row["email"] == f"{name}@sample.studio")


def test_it_works(ran, browser):  # noqa: F811
    done = ran("assign", people=[a_person("robin")], how="replace")
    assert done.state == State.SUCCEEDED
    result = done.results.filter(state="done").first()
    assert result.data["after"].startswith("<script>")
    client = browser("ada")
    for page in (done.get_absolute_url(), reverse("invocation_task", args=[done.pk, result.task_id])):
        content = client.get(page).content.decode()
        assert '<div class="change">' in content
        assert ROBIN in content
        assert "<script>alert('Robin')" not in content


def test_the_table_to_download_has_both_values(ran, browser):  # noqa: F811
    done = ran("priority", priority=3)
    lines = b"".join(browser("ada").get(reverse("invocation_tasks_csv", args=[done.pk]))).decode().splitlines()
    assert {"before", "after"} <= set(lines[0].replace("\ufeff", "").split(","))
    assert "Emergency" in lines[1]


def test_a_worker_that_began_anew_finds_what_stands(an_action, a_queued_invocation):
    """The first worker wrote and died before it said so; the second one finds its comments."""
    action = an_action("comment")
    invocation = a_queued_invocation(action, count=3, parameters={"text": "Once only"})
    carry_out(str(invocation.pk))
    invocation.results.all().delete()
    type(invocation).objects.filter(pk=invocation.pk).update(state=State.QUEUED, claim=None)
    carry_out(str(invocation.pk))
    comments = [row for row in studio().bot().comments(invocation.task_ids) if row["text"] == "Once only"]
    assert sorted(row["object_id"] for row in comments) == sorted(invocation.task_ids)
