"""With real programs on this machine."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from actions.clients.program import running
from actions.clients.secrets.hiding import MASK
from actions.contract import ActionError, Cancelled
from actions.handlers import command
from actions.handlers.command import Options
from actions.testing import call_for
from tests.actions.clients.program.test_running import STUBBORN, gone, pid_in

SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]))"
SECRETS = {"TRACKER": "t0ken-t0ken\nsecond-line-of-it"}


def called(tasks=3, *, programs=(sys.executable,), folders=(), **more):
    settings = {"COMMAND_PROGRAMS": list(programs), "COMMAND_FOLDERS": list(map(str, folders))}
    return call_for(tasks=tasks, settings=settings, secrets=SECRETS, **more)


@pytest.fixture
def script(tmp_path):
    """Options that run a script of Python: `script("print(1)", "{entity_name}")`."""

    def made(source, *arguments, **more):
        path = tmp_path / "script.py"
        path.write_text(source)
        return Options(sys.executable, "\n".join([str(path), *arguments]), **more)

    return made


def shown(sample):
    return [json.loads(text.partition(": ")[2] or text) for _, text in sample.report.lines]


def test_it_works(script):
    sample = called()
    outcome = sample.run(command, script(SHOW, "--count={count}", "{selection}"))
    ((arguments, folder, environment),) = [json.loads(text) for _, text in sample.report.lines]
    assert arguments == ["--count=3", ",".join(task.id for task in sample.tasks)]
    assert folder.startswith("/")
    assert environment["PATH"] == command.PATH
    assert set(environment) <= {"PATH", "LC_CTYPE"}  # Python adds the second to its own.
    assert outcome.message.startswith("It ended with exit code 0 after ")
    assert outcome.data["exit_code"] == 0
    assert len(sample.report.done) == 3


def hostile(sample, name):
    task = sample.tasks[0]
    task = replace(task, entity=replace(task.entity, name=name))
    sample.call = replace(sample.call, resolution=replace(sample.call.resolution, tasks=(task,)))


@pytest.mark.parametrize(
    "name", ["; rm -rf /", "$(id)", "`id`", "a b", "*", "'\"", "{task_id}", "%s", "\\", "|id", ">x", "é \U0001f98a",
             "{secret:TRACKER}"]
)  # fmt: skip
def test_a_name_stays_one_argument(script, name):
    sample = called(1)
    hostile(sample, name)
    sample.run(command, script(SHOW, "{entity_name}", "--name={entity_name}", once_for="task"))
    assert shown(sample)[0][0] == [name, f"--name={name}"]


def test_no_line_end_of_a_name_begins_another_argument(script):
    sample = called(1)
    hostile(sample, "a\n--evil\x00\x1b")
    sample.run(command, script(SHOW, "--name={entity_name}", once_for="task"))
    assert shown(sample)[0][0] == ["--name=a --evil  "]


@pytest.mark.parametrize("name", ["-rf", "--output=/etc/passwd", "-"])
def test_a_value_that_looks_like_an_option_is_refused(script, name):
    sample = called(1)
    hostile(sample, name)
    options = script(SHOW, "{entity_name}", once_for="task")
    plan = sample.preview(command, options)
    sample.run(command, options)
    (failed,) = sample.report.failed
    assert "would take for an option" in failed.message
    assert (plan.steps[0].blocked, plan.steps[0].message) == (True, failed.message)
    assert not sample.report.lines
    sample.run(command, script(SHOW, "--name={entity_name}", once_for="task"))
    assert shown(sample)[0][0] == [f"--name={name}"]


@pytest.mark.parametrize(
    ("programs", "folders", "options", "words"),
    [
        ((), (), Options("/bin/echo"), "Starting programs is off"),
        (("/bin/echo",), (), Options("/bin/sh"), "none of the programs"),
        (("/bin/echo",), (), Options("echo"), "none of the programs"),
        (("/bin/echo",), (), Options("/bin/../bin/echo"), "none of the programs"),
        (("/bin/echo",), (), Options("/bin/echo", folder="/srv"), "COMMAND_FOLDERS lists none"),
        (("/bin/echo",), (), Options("/bin/echo", environment="A B=1"), "no name of an environment variable"),
        (("/bin/echo",), (), Options("/bin/echo", environment="nothing"), "NAME=value"),
        (("/bin/bash",), (), Options("/bin/bash", "-c\necho {entity_name}"), "run as a program"),
        (("/bin/bash",), (), Options("/bin/bash", "-lc\necho {entity_name}"), "run as a program"),
        (
            ("/usr/bin/python3.11",),
            (),
            Options("/usr/bin/python3.11", "-c\nprint('{entity_name}')"),
            "run as a program",
        ),
        (("/usr/bin/perl",), (), Options("/usr/bin/perl", "-e\nprint {count}"), "run as a program"),
        (("/bin/bash",), (), Options("/bin/bash", "-x\n/scripts/{data.tool}.sh"), "run as a program"),
        (("/usr/bin/env",), (), Options("/usr/bin/env", "{entity_name}"), "run as a program"),
        (("/usr/bin/perl",), (), Options("/usr/bin/perl", "-eprint {count}"), "run as a program"),
        (("/usr/bin/perl",), (), Options("/usr/bin/perl", "-E\nsay {count}"), "run as a program"),
        (("/usr/bin/node",), (), Options("/usr/bin/node", "--eval={entity_name}"), "run as a program"),
        (("/usr/bin/gawk",), (), Options("/usr/bin/gawk", "{{print {count}}}"), "run as a program"),
        (("/bin/bash",), (), Options("/bin/bash", stdin=True), "on standard input"),
        (("/bin/bash",), (), Options("/bin/bash", "-s\nx", stdin=True), "on standard input"),
        (("/usr/bin/env",), (), Options("/usr/bin/env", "bash", stdin=True), "on standard input"),
        (("/usr/bin/xargs",), (), Options("/usr/bin/xargs", "/bin/echo", stdin=True), "on standard input"),
        (("/usr/bin/awk",), (), Options("/usr/bin/awk", "{{print {count}}}"), "run as a program"),
    ],
)
def test_what_is_not_allowed_is_said_when_saved_and_when_run(programs, folders, options, words):
    sample = called(programs=programs, folders=folders)
    assert words in "".join(command.wrong(options, sample.desk.settings))
    for act in (sample.run, sample.preview):
        with pytest.raises(ActionError, match=words):
            act(command, options)
    assert not sample.report.results


def test_what_is_allowed_is_not_complained_about():
    options = Options("/bin/bash", "script.sh\n-x\n{entity_name}", environment="A=1\nB={secret:TRACKER}")
    assert not [*command.wrong(options, {"COMMAND_PROGRAMS": ["/bin/bash"]})]


def test_the_working_folder_is_one_of_those_allowed(script, tmp_path):
    shows = tmp_path / "shows"
    (shows / "fox").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (shows / "way out").symlink_to(tmp_path / "elsewhere")
    for folder, words in (
        (shows, ""),
        (shows / "fox", ""),
        (shows / "fox/../../elsewhere", "none of the folders"),
        (shows / "way out", "none of the folders"),
        ("/", "none of the folders"),
        ("fox", "none of the folders"),
        (shows / "gone", "no folder"),
    ):
        sample = called(1, folders=[shows])
        options = script(SHOW, folder=str(folder), once_for="task")
        plan = sample.preview(command, options)
        sample.run(command, options)
        if words:
            assert words in sample.report.failed[0].message
            assert plan.steps[0].message == sample.report.failed[0].message
        else:
            assert shown(sample)[0][1] == str(folder)


def test_a_name_does_not_lead_out_of_the_working_folder(script, tmp_path):
    (tmp_path / "shows").mkdir()
    sample = called(1, folders=[tmp_path / "shows"])
    hostile(sample, "../..")
    sample.run(command, script(SHOW, folder=f"{tmp_path}/shows/{{entity_name}}", once_for="task"))
    assert "none of the folders" in sample.report.failed[0].message


def test_secrets_reach_the_program_and_nothing_else(script):
    sample = called(1)
    source = "import os, sys; print(os.environ['TOKEN']); print(repr(os.environ['TOKEN'])); sys.exit(1)"
    outcome = sample.run(command, script(source, environment="TOKEN={secret:TRACKER}"))
    said = json.dumps([sample.report.lines, outcome.message, outcome.data], ensure_ascii=False, default=str)
    assert "t0ken" not in said
    assert "second-line" not in said
    assert MASK in said


def test_the_selection_is_on_standard_input(script):
    sample = called(300)
    sample.run(command, script("import json, sys; print(len(json.load(sys.stdin)['data']['tasks']))", stdin=True))
    assert sample.report.lines == [("info", "300")]


def test_an_exit_code_is_the_result(script):
    sample = called(4)
    bad = sample.tasks[2].id
    source = (
        "import sys; print('looked at', sys.argv[1]); sys.exit('no such shot' if sys.argv[1] == sys.argv[2] else 0)"
    )
    outcome = sample.run(command, script(source, "{task_id}", bad, once_for="task"))
    assert outcome.message == "3 of 4 runs went well."
    (failed,) = sample.report.failed
    assert failed.task.id == bad
    assert failed.message.startswith("It ended with exit code 1 after ")
    assert failed.message.endswith("Its last line: no such shot")
    assert failed.data["last_lines"] == [f"looked at {bad}", "no such shot"]
    assert sample.report.lines[0][1].startswith(f"{sample.tasks[0].name}: looked at ")


def test_a_hundred_megabytes_are_bounded(script):
    sample = called(1)
    source = "import sys\nfor n in range(2**20): sys.stdout.buffer.write(b'%099d\\n' % n)"
    outcome = sample.run(command, script(source))
    assert outcome.data["bytes"] == 100 * 2**20
    assert len(sample.report.lines) < command.LINES["selection"] + 30
    assert sample.report.lines[-1][1] == f"{2**20 - 1:099d}"


def test_the_time_limit_of_a_run_ends_it(script, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "GRACE", 0.2)
    sample = called(1)
    outcome = sample.run(command, script(STUBBORN, str(tmp_path / "pid"), seconds=5))
    assert "longer than 5 s" in outcome.message
    assert sample.report.failed
    assert gone(pid_in(tmp_path / "pid"))


def test_cancelling_ends_it(script, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "GRACE", 0.2)
    pid = tmp_path / "pid"

    class Cancelling:
        def __init__(self, report):
            self._report = report

        def __getattr__(self, name):
            return getattr(self._report, name)

        @property
        def cancelled(self):
            return pid.exists()

    sample = called(1)
    sample.call = replace(sample.call, report=Cancelling(sample.report))
    with pytest.raises(Cancelled):
        sample.run(command, script(STUBBORN, str(pid)))
    assert gone(pid_in(pid))


def test_after_a_dead_worker_nothing_is_run_twice(script):
    first = called(3)
    done = frozenset({first.tasks[1].id})
    sample = called(3, done_before=done)
    sample.run(command, script(SHOW, "{task_id}", once_for="task"))
    assert [arguments[0] for arguments, _, _ in shown(sample)] == [first.tasks[0].id, first.tasks[2].id]
    sample = called(3, done_before=done)
    outcome = sample.run(command, script(SHOW))
    assert (outcome.message, len(sample.report.done), sample.report.lines) == ("It was run before.", 2, [])


def test_the_documented_script_works(tmp_path):
    """The example of docs/command.md, as it stands there."""
    page = (Path(__file__).resolve().parents[3] / "docs/command.md").read_text()
    (tmp_path / "list-shots").write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1))
    sample = called(3, entity_type="shot")
    arguments = f"{tmp_path}/list-shots\n--by={{person_name}}"
    outcome = sample.run(command, Options(sys.executable, arguments, environment="TOKEN={secret:TRACKER}", stdin=True))
    assert [text for _, text in sample.report.lines] == [
        *(f"{task.entity.name}: {task.status.name}" for task in sample.tasks),
        "3 tasks for Ada Okafor",
    ]
    assert outcome.data["exit_code"] == any(task.status.short_name == "wfa" for task in sample.tasks)


def test_the_preview_starts_nothing(script, tmp_path):
    sample = called(2, entity_type="shot")
    options = script("open('made', 'w')", "a b", "{task_id}", environment="TOKEN={secret:NOT_THERE}", once_for="task")
    plan = sample.preview(command, options)
    assert plan.steps[0].message == f"{sys.executable} {tmp_path}/script.py 'a b' {sample.tasks[0].id}"
    for_all = sample.preview(command, replace(options, once_for="selection", arguments="x\n{count}"))
    assert for_all.message == f"One run: {sys.executable} x 2"
    assert len(for_all.steps) == 2
    assert not (tmp_path / "made").exists()
