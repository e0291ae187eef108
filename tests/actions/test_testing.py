from __future__ import annotations

import pytest

from actions.contract import ActionError, Cancelled
from actions.handlers import debug
from actions.testing import call_for, own_kind
from tests.actions.conftest import GREETS


def test_it_works():
    sample = call_for("noa", tasks=2, entity_type="shot", missing=1)
    outcome = sample.run(debug)
    assert outcome.message == "2 tasks of 1 production. 1 not there."
    assert [result.task for result in sample.report.done] == list(sample.tasks)
    assert {task.entity.kind for task in sample.tasks} == {"shot"}
    assert sample.report.steps[-1][:2] == (2, 2)


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize("person", ["ada", "hana", "greta", "noa", "clara", "pixelworks"])
def test_each_person_sees_what_they_may(person, proven):
    sample = call_for(person, tasks=1, proven=proven)
    assert sample.call.person.email == f"{person}@sample.studio"
    assert sample.call.proven is proven
    theirs = {row["id"] for row in sample.call.kitsu.tasks([sample.tasks[0].id])}
    assert theirs == {sample.tasks[0].id}


def test_a_vendor_cannot_be_given_what_is_not_theirs():
    everybody, theirs = call_for("ada", tasks=200), call_for("pixelworks", tasks=1)
    sample = call_for("pixelworks", [task.id for task in everybody.tasks])
    assert len(sample.tasks) < 200
    assert sample.call.missing
    assert theirs.tasks


def test_its_desk_has_what_the_test_gives(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    sample = call_for(settings={"PROGRAMS": ("ls",)}, secrets={"SLACK": "https://hooks"})
    assert sample.call.desk.settings["PROGRAMS"] == ("ls",)
    assert sample.call.secret("SLACK") == "https://hooks"
    with pytest.raises(ActionError, match="OTHER"):
        sample.call.secret("OTHER")
    assert sample.call.keep("b.txt", [b"a", b"b"], "text/plain").size == 2
    sample.call.keep("a.txt", tmp_path / "a.txt", "text/plain")
    assert sample.desk.files == {"b.txt": b"ab", "a.txt": b"abc"}
    ticket = sample.call.desk.ticket({"open": "x"}, 5)
    assert sample.desk.tickets[ticket] == {"open": "x"}


def test_a_person_cancels(tmp_path):
    with pytest.raises(Cancelled):
        call_for(tasks=5, stop_after=0).run(debug)


def test_a_retry_goes_on_in_the_same_studio():
    first = call_for(tasks=3)
    again = call_for(
        tasks=[task.id for task in first.tasks], studio=first.studio, done_before=frozenset([first.tasks[0].id])
    )
    assert again.studio is first.studio
    assert list(again.call.each()) == list(first.tasks[1:])


def test_an_own_kind_is_read_as_the_bridge_reads_it(tmp_path):
    (tmp_path / "greet.py").write_text(GREETS)
    (tmp_path / "tests").mkdir()
    for where in (tmp_path, tmp_path / "tests"):
        greet = own_kind("greet", beside=str(where / "test_greet.py"))
        assert call_for(tasks=1).run(greet, word="Hi").message == "Hi, 1 tasks."


def test_an_own_kind_that_is_broken_says_so(tmp_path):
    (tmp_path / "greet.py").write_text("x = 1\n")
    with pytest.raises(Exception, match="no handler"):
        own_kind("greet", beside=str(tmp_path / "test_greet.py"))
    with pytest.raises(AssertionError, match=r"no gone\.py"):
        own_kind("gone", beside=str(tmp_path / "test_greet.py"))
