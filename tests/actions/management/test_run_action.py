"""The command as an operator types it: what it says, and the exit codes that scripts read."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.line import queue
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State, Trust
from kitsu_bridge.kitsu.studio import studio

pytestmark = pytest.mark.django_db(transaction=True)

ADA = "ada@sample.studio"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """A worker that takes what is sent to it."""
    monkeypatch.setattr(queue, "send", lambda invocation: carry_out(str(invocation.pk)) or True)


def typed(*words, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command("run_action", *words, stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def test_it_works(an_action, sample_task_ids):
    tasks = [part for one in sample_task_ids(2) for part in ("--task", one)]
    code, out, _ = typed(an_action().slug, *tasks, "--as", ADA, "--follow")
    invocation = Invocation.objects.get()
    assert (code, invocation.state, invocation.door, invocation.trust) == (
        0, State.SUCCEEDED, Door.COMMAND, Trust.PROVEN,
    )  # fmt: skip
    assert out.startswith(str(invocation.pk))
    assert out.count("\nDone ") == 2


def test_parameters_come_by_name_or_by_the_action_s_own_flags(an_action, sample_task_ids):
    action = an_action("comment", options={})
    task = sample_task_ids(1)[0]
    code, _, err = typed(action.slug, "--task", task, "--as", ADA, "--param", "text=Hello {entity_name}", "--follow")
    assert code == 0, err
    code, _, err = typed(action.slug, "--task", task, "--as", ADA, "--follow", "--text", "Again")
    assert code == 0, err
    assert [one.parameters["text"] for one in Invocation.objects.order_by("received_at")] == [
        "Hello {entity_name}", "Again",
    ]  # fmt: skip


def test_a_preview_says_what_it_would_do_and_does_nothing(an_action, sample_task_ids):
    code, out, _ = typed(an_action().slug, "--task", sample_task_ids(1)[0], "--as", ADA, "--preview")
    invocation = Invocation.objects.get()
    assert (code, invocation.state) == (0, State.WAITING)
    assert "It will run on this task" in out


def test_tasks_come_from_a_file(an_action, sample_task_ids, tmp_path):
    listed = tmp_path / "tasks.txt"
    listed.write_text("\n".join(sample_task_ids(5)))
    assert typed(an_action().slug, "--tasks", str(listed), "--as", ADA, "--follow")[0] == 0
    assert Invocation.objects.get().task_count == 5
    assert "cannot be read" in typed("debug", "--tasks", str(tmp_path / "none"), "--as", ADA)[2]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--as", "nobody@sample.studio"], 6, "Nobody knows this person"),
        (["--as", ADA, "--param", "text"], 1, "write NAME=VALUE"),
        (["--as", ADA, "--param", "none=1"], 6, "no parameters"),
        (["--as", ADA, "--loud"], 1, "--loud is no flag"),
        ([], 1, "Say as whom"),
    ],
)
def test_it_refuses_in_words(an_action, sample_task_ids, words, code, says, monkeypatch):
    monkeypatch.delenv("KITSU_TOKEN", raising=False)
    found, _, err = typed(an_action().slug, "--task", sample_task_ids(1)[0], *words)
    assert (found, says in err) == (code, True), err


def test_a_token_of_kitsu_says_who_it_is(an_action, sample_task_ids, monkeypatch):
    monkeypatch.setenv("KITSU_TOKEN", token := studio().log_in("noa@sample.studio", "any"))
    assert typed(an_action().slug, "--task", sample_task_ids(1)[0], "--follow")[0] in {0, 4, 6}
    invocation = Invocation.objects.get()
    assert invocation.person_email == "noa@sample.studio"
    assert token not in f"{invocation.payload}{invocation.reason}"


def test_the_exit_code_says_how_it_ended(an_action, sample_task_ids):
    action = an_action(entity_types=["episode"])
    assert typed(action.slug, "--task", sample_task_ids(1)[0], "--as", ADA, "--follow")[0] == 6


def test_invocations_are_listed_and_shown(an_action, sample_task_ids):
    typed(an_action().slug, "--task", sample_task_ids(1)[0], "--as", ADA, "--follow")
    invocation = Invocation.objects.get()
    for how, says in (("text", "debug"), ("csv", "received_at,id,state"), ("json", f'"id": "{invocation.pk}"')):
        out = StringIO()
        call_command("invocations", "--filter", "state=succeeded", "--format", how, stdout=out)
        assert says in out.getvalue()
        assert str(invocation.pk)[:8] in out.getvalue()
    out = StringIO()
    call_command("invocations", str(invocation.pk)[:8], stdout=out)
    assert "Received" in out.getvalue()
    for wrong in (["zz"], ["ffffffff"], ["--filter", "state=odd"], ["--filter", "x"]):
        with pytest.raises(CommandError):
            call_command("invocations", *wrong, stdout=StringIO())
