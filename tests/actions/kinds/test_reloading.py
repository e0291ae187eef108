from __future__ import annotations

import pytest
from celery.signals import task_prerun
from django.core.signals import request_started

from actions.kinds import reloading
from actions.registry import kinds
from tests.actions.conftest import GREETS

pytestmark = pytest.mark.django_db  # The front page tells what is paused.


@pytest.fixture
def reloads(kinds_folder, settings):
    """Files are read again when they change."""
    settings.KINDS_RELOAD = True
    reloading._seen.clear()
    reloading.begin()
    yield kinds_folder
    for signal in (request_started, task_prerun):
        signal.disconnect(dispatch_uid="kinds")
    reloading._seen.clear()


def write(path, word):
    path.write_text(GREETS.replace("Greet", word))


@pytest.mark.parametrize("signal", [request_started, task_prerun], ids=["web", "worker"])
def test_it_works(reloads, signal):
    path = reloads("greet")
    signal.send(sender=None)
    assert kinds()["greet"].title == "Greet"
    write(path, "Shout")
    signal.send(sender=None)
    assert kinds()["greet"].title == "Shout"


def test_a_file_that_broke_and_was_mended_works_again(reloads):
    path = reloads("greet")
    request_started.send(sender=None)
    path.write_text("def run(:")
    request_started.send(sender=None)
    assert "SyntaxError" in kinds()["greet"].error
    write(path, "Mended")
    request_started.send(sender=None)
    assert kinds()["greet"].title == "Mended"


def test_nothing_is_read_twice_that_did_not_change(reloads):
    reloads("greet")
    request_started.send(sender=None)
    before = kinds()
    request_started.send(sender=None)
    assert kinds() is before


def test_without_the_setting_a_change_waits_for_a_restart(kinds_folder):
    path = kinds_folder("greet")
    reloading.begin()
    assert kinds()["greet"].title == "Greet"
    write(path, "Shout")
    request_started.send(sender=None)
    assert kinds()["greet"].title == "Greet"
