"""With real programs: what they write, how they end, and that none is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from actions.clients.program import Job, run, running
from actions.clients.program.keeper import keep
from actions.contract import ActionError

ROOT = Path(__file__).resolve().parents[4]
PYTHON = sys.executable


class Stopped(BaseException):
    pass


def go_on():
    pass


def heard(argv, stop=go_on, **more):
    chunks = []
    ended = run(Job(tuple(argv), **{"folder": "/", **more}), chunks.append, stop)
    return ended, b"".join(chunks)


def python(source, *arguments, **more):
    return heard([PYTHON, "-c", source, *arguments], **more)


def alive(pid):
    """Whether the process still runs; one that ended and was not taken note of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def gone(pid):
    until = time.monotonic() + 60
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def pid_in(path):
    until = time.monotonic() + 60
    while not (path.exists() and path.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.02)
    return int(path.read_text())


def when(path):
    """Stops as soon as the file has been written."""

    def stop():
        if path.exists() and path.read_text().strip():
            raise Stopped

    return stop


@pytest.fixture
def quick_grace(monkeypatch):
    monkeypatch.setattr(running, "GRACE", 0.3)


def test_it_works(tmp_path):
    source = "import sys, os; print(sys.argv[1:], os.getcwd(), sys.stdin.read(), os.environ['B']); sys.exit(3)"
    hostile = ["; rm -rf /", "$(id)", "`id`", "a\nb", "", "*", "'\"", "-rf", "é \udcff"]
    ended, written = python(
        source, *hostile, folder=str(tmp_path), stdin=b"given", environment={"PATH": "/bin", "B": "2"}
    )
    assert ended.code == 3
    text = written.decode()
    assert text.startswith(repr(hostile))
    assert text.endswith(f"{tmp_path} given 2\n")
    assert ended.words.startswith("It ended with exit code 3 after ")


def test_the_environment_is_what_was_given_and_nothing_else():
    assert heard(["/usr/bin/env"], environment={})[1] == b""
    assert heard(["/usr/bin/env"], environment={"A": "1"})[1] == b"A=1\n"


def test_no_descriptor_of_the_worker_is_open_in_the_program():
    _, written = python("import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd')))")
    assert len(json.loads(written)) == 4  # In, out, err, and the folder that is being listed.


def test_signals_are_as_usual_in_the_program():
    source = "import signal; print([signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGHUP)])"
    assert b"IGN" not in python(source)[1]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["/no/such/program"], "cannot be started: No such file"),
        ([str(ROOT / "README.md")], "cannot be started: Permission denied"),
        (["/bin/echo", "a\x00b"], "holds what none may"),
        (["/bin/echo", "x" * 3_000_000], "Argument list too long"),
    ],
)
def test_what_cannot_be_started_says_why(argv, words):
    with pytest.raises(ActionError, match=words):
        heard(argv)


def test_a_signal_that_ended_it_is_named():
    ended, _ = python("import os; os.kill(os.getpid(), 11)")
    assert (ended.code, ended.words[:25]) == (-11, "It was ended by SIGSEGV a")


def test_all_of_a_hundred_megabytes_is_heard():
    size = 0

    def hear(chunk):
        nonlocal size
        size += len(chunk)

    source = "import sys\nfor _ in range(100): sys.stdout.buffer.write(b'x' * 2**20)"
    ended = run(Job((PYTHON, "-c", source), "/"), hear, go_on)
    assert (ended.code, size) == (0, 100 * 2**20)


def test_what_it_writes_is_heard_at_once(tmp_path):
    """The program goes on only after its first line was heard."""
    heard_of, chunks = tmp_path / "heard", []

    def hear(chunk):
        chunks.append(chunk)
        heard_of.touch()

    source = "import os, sys, time; print('a', flush=True)\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)\nprint('b')"
    run(Job((PYTHON, "-c", source, str(heard_of)), "/", seconds=30), hear, go_on)
    assert chunks == [b"a\n", b"b\n"]


STUBBORN = """
import os, pathlib, signal, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""

FAMILY = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]])
time.sleep(600)
"""


@pytest.mark.usefixtures("quick_grace")
def test_the_time_limit_ends_what_does_not_listen(tmp_path):
    ended, _ = python(STUBBORN, str(tmp_path / "pid"), seconds=5)
    assert ended.slow
    assert "longer than" in ended.words
    assert gone(pid_in(tmp_path / "pid"))


@pytest.mark.usefixtures("quick_grace")
def test_stopping_ends_the_whole_family(tmp_path):
    pid = tmp_path / "pid"
    with pytest.raises(Stopped):
        python(FAMILY, str(pid), STUBBORN, stop=when(pid))
    assert gone(pid_in(pid))


def test_a_program_that_listens_may_end_by_itself(tmp_path):
    source = """
import pathlib, signal, sys, time
def clean(*_):
    pathlib.Path(sys.argv[2]).write_text("cleaned up")
    sys.exit(0)
signal.signal(signal.SIGTERM, clean)
pathlib.Path(sys.argv[1]).write_text("1")
time.sleep(600)
"""
    with pytest.raises(Stopped):
        python(source, str(tmp_path / "up"), str(tmp_path / "clean"), stop=when(tmp_path / "up"))
    assert (tmp_path / "clean").read_text() == "cleaned up"


@pytest.mark.usefixtures("quick_grace")
def test_what_a_program_leaves_running_is_ended_with_it(tmp_path):
    source = """
import subprocess, sys, pathlib, time
subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]])
while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)
print("over")
"""
    ended, written = python(source, str(tmp_path / "pid"), STUBBORN)
    assert (ended.code, written) == (0, b"over\n")
    assert gone(pid_in(tmp_path / "pid"))


def test_output_that_is_closed_early_does_not_end_the_waiting():
    source = "import os, sys, time; os.close(1); os.close(2); time.sleep(0.5); os._exit(7)"
    assert python(source)[0].code == 7


def test_output_that_another_session_holds_open_does_not_hold_it(tmp_path):
    source = """
import subprocess, sys
child = subprocess.Popen(["/bin/sleep", "30"], start_new_session=True)
open(sys.argv[1], "w").write(str(child.pid))
"""
    ended, _ = python(source, str(tmp_path / "pid"))
    assert ended.code == 0
    os.kill(pid_in(tmp_path / "pid"), signal.SIGKILL)


WORKER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # A shell starts what goes on in the background without it.
from actions.clients.program import Job, run, running
running.GRACE = 0.3
run(Job((sys.executable, "-c", sys.argv[2], sys.argv[1], sys.argv[3]), "/"), print, lambda: None)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_dies_leaves_no_program_behind(tmp_path, number):
    pid = tmp_path / "pid"
    worker = subprocess.Popen(
        [PYTHON, "-c", WORKER, str(pid), FAMILY, STUBBORN],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    program = pid_in(pid)
    assert alive(program)
    worker.send_signal(number)
    worker.wait(20)
    assert gone(program)


def test_exceptions_that_come_again_and_again_leave_no_program_behind(tmp_path):
    """As the watch raises them: in the thread of the run, once a second, also while it is cleaning up."""
    source = f"""
import ctypes, sys, threading, time, pathlib
from actions.clients.program import Job, run, running
running.GRACE = 0.3
class TimeUp(BaseException): pass
runner = threading.get_ident()
def nag():
    while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)
    for _ in range(200):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(runner), ctypes.py_object(TimeUp))
        time.sleep(0.005)
threading.Thread(target=nag, daemon=True).start()
try:
    run(Job((sys.executable, "-c", {STUBBORN!r}, sys.argv[1]), "/"), print, lambda: None)
except TimeUp:
    pass
while True:
    try:
        time.sleep(30)
        break
    except TimeUp:
        pass
"""
    worker = subprocess.Popen([PYTHON, "-c", source, str(tmp_path / "pid")], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        assert gone(pid_in(tmp_path / "pid"))
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.parametrize("there", [True, False])
def test_the_keeper_does_without_what_macos_lacks(tmp_path, monkeypatch, there):
    if not there:
        monkeypatch.delattr(os, "waitid")
    ours, worker_s = os.pipe()
    source = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    waiting = f"{source}; time.sleep(600)"
    try:
        assert keep(ours, 0.3, {}, [PYTHON, "-c", "raise SystemExit(3)"]) == {"exit": 3, "cut": False}
        threading.Timer(0, lambda: (pid_in(tmp_path / "pid"), os.close(worker_s))).start()
        found = keep(ours, 0.3, {}, [PYTHON, "-c", waiting, str(tmp_path / "pid"), STUBBORN])
    finally:
        os.close(ours)
    assert found == {"exit": -signal.SIGTERM, "cut": True}
    assert gone(pid_in(tmp_path / "pid"))
