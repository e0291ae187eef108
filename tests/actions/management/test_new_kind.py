from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actions.registry import kinds

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(kinds_folder, settings):
    """An empty folder of kinds."""
    return Path(settings.KINDS_FOLDER)


def written(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_works(folder):
    """What it writes is a kind, and its test passes as it is written: in a process without the bridge's settings."""
    call_command("new_kind", "to_editorial", verbosity=0)
    assert written(folder) == ["tests/test_to_editorial.py", "to_editorial.py"]
    kinds.cache_clear()
    found = kinds()["to_editorial"]
    assert (found.title, found.origin, found.error) == ("To editorial", "folder", "")
    assert found.preview is not None
    unset = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=unset, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("name", ["To-Editorial", "class", "", "../up", "a b", "a/b", "_hidden", "test_it", "conftest"])
def test_it_refuses_a_bad_name(folder, name):
    with pytest.raises(CommandError):
        call_command("new_kind", name)
    assert written(folder) == []


def test_it_refuses_a_name_that_is_taken(folder):
    with pytest.raises(CommandError, match=r"actions/handlers/debug\.py"):
        call_command("new_kind", "debug")
    assert written(folder) == []


@pytest.mark.parametrize("there", ["greet.py", "tests/test_greet.py"])
def test_it_overwrites_nothing(folder, there):
    (folder / "tests").mkdir()
    (folder / there).write_text("mine")
    with pytest.raises(CommandError, match="left as it is"):
        call_command("new_kind", "greet")
    assert written(folder) == [there]
    assert (folder / there).read_text() == "mine"


def test_it_says_what_to_set(settings, tmp_path):
    settings.KINDS_FOLDER = ""
    with pytest.raises(CommandError, match="Set KINDS_FOLDER"):
        call_command("new_kind", "greet")
    settings.KINDS_FOLDER = str(tmp_path / "gone")
    with pytest.raises(CommandError, match="mkdir"):
        call_command("new_kind", "greet")
