"""The kind in the whole line: the switch, the live output in the record, its page, and an end from outside."""

from __future__ import annotations

import sys
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from actions.clients.program import running
from actions.worker import watch as watching
from actions.worker.run import carry_out
from audit.models import Invocation
from audit.states import State
from tests.actions.clients.program.test_running import STUBBORN, gone, pid_in
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "tok-123456-tok"


@pytest.fixture
def queued(an_action, a_queued_invocation, settings, monkeypatch, tmp_path):
    settings.COMMAND_PROGRAMS = [sys.executable]
    monkeypatch.setenv("BRIDGE_SECRET_TRACKER", TOKEN)
    monkeypatch.setattr(running, "GRACE", 0.3)

    def make(source, *arguments, **options):
        (tmp_path / "script.py").write_text(source)
        given = {"program": sys.executable, "arguments": "\n".join([str(tmp_path / "script.py"), *map(str, arguments)])}
        return a_queued_invocation(an_action("command", time_limit=60, options=given | options), count=2)

    return make


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def test_it_works(queued, browser):  # noqa: F811
    source = "import os; print('<b>token', os.environ['TOKEN'])"
    done = run(queued(source, environment="TOKEN={secret:TRACKER}"))
    assert done.state == State.SUCCEEDED
    assert [line.text for line in done.log_lines.all()] == ["<b>token •••"]
    page = browser("ada").get(done.get_absolute_url()).content.decode()
    assert all(words in page for words in ("&lt;b&gt;token •••", "<dt>Exit code</dt><dd>0</dd>", "script.py"))
    assert TOKEN not in page


def test_the_admin_says_whether_it_is_off(browser, settings):  # noqa: F811
    address = f"{reverse('admin:actions_action_add')}?kind=command"
    settings.COMMAND_PROGRAMS = []
    page = browser("ada").get(address).content.decode()
    assert "Start a program (off)" in page
    assert "<strong>Starting programs is off." in page
    settings.COMMAND_PROGRAMS = [sys.executable]
    page = browser("ada").get(address).content.decode()
    assert "Start a program (off)" not in page
    assert "Starting programs is off" not in page


def test_it_is_off_unless_programs_are_listed(queued, settings):
    invocation = queued("print('never')")
    settings.COMMAND_PROGRAMS = []
    done = run(invocation)
    assert (done.state, done.reason.startswith("Starting programs is off.")) == (State.FAILED, True)
    assert not done.log_lines.exists()


@pytest.mark.parametrize("how", ["cancelled", "lost"])
def test_a_run_that_is_ended_from_outside_leaves_no_program_behind(queued, tmp_path, monkeypatch, how):
    monkeypatch.setattr(watching, "EVERY", 0.05)
    monkeypatch.setattr(watching, "PATIENCE", 0.0)
    changes = {"cancelled": {"cancel_asked_at": timezone.now()}, "lost": {"claim": None}}
    invocation = queued(STUBBORN, tmp_path / "pid")

    def from_outside():
        pid_in(tmp_path / "pid")
        Invocation.objects.filter(pk=invocation.pk).update(**changes[how])
        connection.close()

    thread = threading.Thread(target=from_outside)
    thread.start()
    run(invocation)
    thread.join()
    assert gone(pid_in(tmp_path / "pid"))
    if how == "cancelled":
        assert invocation.state == State.CANCELLED
