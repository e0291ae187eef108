"""The command as an operator types it: what it says, and the exit codes that scripts read."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from actions.line import queue
from actions.line.pauses import pause
from actions.management.commands.run_action import Command
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import Door, State, Trust, WaitingFor
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
        (["--as", ADA, "--param", "text"], 6, "Write NAME=VALUE"),
        (["--as", ADA, "--param", "none=1"], 6, "no parameters"),
        (["--as", ADA, "--loud"], 6, "--loud is no flag"),
        (["--as", ADA, "--task", "<b>; ls"], 6, "is no id of Kitsu"),
        (["--as", "\udcff"], 6, "Nobody knows this person"),
        ([], 1, "Say as whom"),
    ],
)
def test_it_refuses_in_words(an_action, sample_task_ids, words, code, says, monkeypatch):
    monkeypatch.delenv("KITSU_TOKEN", raising=False)
    found, _, err = typed(an_action().slug, "--task", sample_task_ids(1)[0], *words)
    assert (found, says in err) == (code, True), err
    kept = Invocation.objects.values_list("state", "door")
    assert list(kept) == ([(State.REFUSED, Door.COMMAND)] if code == 6 else [])


EVERY = {
    "count": 3, "note": "é <b>", "ratio": 0.5, "price": "1.10", "loud": True, "day": "2026-03-29", "at": "02:30:00",
    "moment": "2026-03-29T02:30:00+00:00", "size": "large", "several": ["a", "c"], "more": {"a": [1]},
}  # fmt: skip
FLAGS = (
    "--count", "3", "--note", "é <b>", "--ratio", "0.5", "--price", "1.10", "--loud", "--day", "2026-03-29",
    "--at", "02:30", "--moment", "2026-03-29T02:30", "--size", "large", "--several", "a", "--several", "c",
    "--more", '{"a": [1]}',
)  # fmt: skip


def test_there_is_a_flag_for_every_type(an_action, test_kinds, sample_task_ids, tmp_path):
    action = an_action("asking")
    picture, secret = tmp_path / "a b&.png", tmp_path / "secret"
    picture.write_bytes(b"picture")
    secret.write_text("Hidden!\n")
    bot = studio().bot()
    ada = next(row for row in bot.persons() if row["email"] == ADA)
    names = ["--project", bot.open_projects()[0]["name"].upper(), "--status", "wip", "--people", "noa@sample.studio",
             "--people", ada["full_name"], "--password", str(secret), "--picture", str(picture)]  # fmt: skip
    person = {row["email"]: row["id"] for row in bot.persons()}
    code, _, err = typed(action.slug, "--task", sample_task_ids(1)[0], "--as", ADA, *FLAGS, *names, "--follow")
    assert code == 0, err
    invocation = Invocation.objects.get()
    given = invocation.parameters
    assert {name: given[name] for name in EVERY} == EVERY
    assert given["project"] == bot.open_projects()[0]["id"]
    assert given["status"] == next(row["id"] for row in bot.task_statuses() if row["short_name"] == "wip")
    assert given["people"] == [person["noa@sample.studio"], ada["id"]]
    assert (given["picture"]["name"], given["picture"]["size"]) == ("a b&.png", 7)
    assert "Hidden!" not in f"{given}{invocation.payload}"


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--count", "x"], "count: Enter a whole number"),
        (["--count", "11"], "count: Ensure this value is less than or equal to 10"),
        ([], "count: It is required"),
        (["--day", "31.2."], "day: Enter a valid date"),
        (["--at", "25:00"], "at: Enter a valid time"),
        (["--size", "huge"], "invalid choice"),
        (["--several", "a", "--several", "z"], "invalid choice"),
        (["--more", "{"], "--more is no JSON"),
        (["--more", "[1]"], "more: "),
        (["--param", "loud=perhaps"], "loud: Write yes or no"),
        (["--param", "note=a", "--param", "note=b"], "note: It takes one value"),
        (["--status", "no such"], "status: Nothing is called 'no such'; there are: "),
        (["--picture", "/nowhere/x.png"], "picture: "),
        (["--picture", __file__], "picture: "),
        (["--password", "/nowhere"], "password: "),
        (["--title"], "expected one argument"),
    ],
)
def test_a_flag_that_is_wrong_is_refused_in_words(an_action, test_kinds, sample_task_ids, flags, says):
    count = [] if flags[:1] in ([], ["--count"]) else ["--count", "1"]
    words = ("--task", sample_task_ids(1)[0], "--as", ADA, *count, *flags)
    code, _, err = typed(an_action("asking").slug, *words)
    assert (code, says in err) == (6, True), err
    assert Invocation.objects.get().state == State.REFUSED


def test_no_is_no(an_action, test_kinds, sample_task_ids):
    action = an_action("asking", double_click_window=0)
    for text, meant in (("no", False), ("off", False), ("YES", True)):
        typed(action.slug, "--task", sample_task_ids(1)[0], "--as", ADA, "--count", "1", "--param", f"loud={text}")
        assert Invocation.objects.latest("received_at").parameters["loud"] is meant


TYPED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # A shell starts what goes on in the background without it.
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "run_action", *sys.argv[1:]])
"""


def test_ctrl_c_stops_following_and_nothing_else(an_action, sample_task_ids):
    pause(an_action().slug, "The farm moves.", None)
    screen, terminal = pty.openpty()
    words = ["debug", "--task", sample_task_ids(1)[0], "--as", ADA, "--follow"]
    script = TYPED.format(database=connection.settings_dict["NAME"])
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "kitsu_bridge.settings"}
    process = subprocess.Popen([sys.executable, "-c", script, *words], env=env, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown = ""
    while "] Waiting 0/" not in shown:
        shown += os.read(screen, 1000).decode()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    shown += os.read(screen, 10_000).decode()
    os.close(screen)
    invocation = Invocation.objects.get()
    assert "The farm moves." in shown
    assert f"It goes on without you. To look: manage.py invocations {invocation.reference}" in shown
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.MAINTENANCE)


def test_a_token_of_kitsu_says_who_it_is(an_action, sample_task_ids, monkeypatch):
    monkeypatch.setenv("KITSU_TOKEN", token := studio().log_in("noa@sample.studio", "any"))
    assert typed(an_action().slug, "--task", sample_task_ids(1)[0], "--follow")[0] in {0, 4, 6}
    invocation = Invocation.objects.get()
    assert invocation.person_email == "noa@sample.studio"
    assert token not in f"{invocation.payload}{invocation.reason}"


def test_the_exit_code_says_how_it_ended(an_action, sample_task_ids):
    action = an_action(entity_types=["episode"])
    assert typed(action.slug, "--task", sample_task_ids(1)[0], "--as", ADA, "--follow")[0] == 6


@pytest.mark.parametrize("words", [["said", "--help"], ["-h", "said"]])
def test_its_help_has_the_action_s_own_flags(an_action, capsys, words):
    an_action("comment", "said", values={"status": ""}, fixed=["status"])
    with pytest.raises(SystemExit) as left:
        BaseCommand.run_from_argv(Command(), ["manage.py", "run_action", *words])
    said = capsys.readouterr().out
    assert left.value.code == 0
    assert all(word in said for word in ("--follow", "--text TEXT", "--mention PERSON"))
    assert "--status" not in said


def test_its_help_needs_no_action(capsys):
    with pytest.raises(SystemExit):
        BaseCommand.run_from_argv(Command(), ["manage.py", "run_action", "none-such", "--help"])
    assert "--follow" in capsys.readouterr().out


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
    for wrong in (["zz"], ["ffffffff"], ["--filter", "state=odd"], ["--filter", "stat=succeeded"], ["--filter", "x"]):
        with pytest.raises(CommandError):
            call_command("invocations", *wrong, stdout=StringIO())
