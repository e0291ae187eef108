"""`docs/writing-a-kind.md` as somebody who follows it would: from an empty folder, with the page's own files and commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/writing-a-kind.md").read_text()
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {name: text for _, name, text in BLOCK.findall(PAGE) if name}
COMMANDS = [line for kind, _, text in BLOCK.findall(PAGE) if kind == "sh" for line in text.splitlines()]


@pytest.fixture
def follow(tmp_path):
    """Runs a command of the page, with `~` in a folder of this test."""
    outside = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    there = outside | {
        "HOME": str(tmp_path),
        "DATA_DIR": str(tmp_path / "data"),
        "KINDS_FOLDER": str(tmp_path / "kinds"),
    }

    def run(command):
        text = command.replace(".venv/bin/python", sys.executable)
        done = subprocess.run(["bash", "-c", text], cwd=ROOT, env=there, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def commands(*words):
    return [line for line in COMMANDS if any(word in line for word in words)]


def test_it_works(follow, tmp_path):
    for command in commands("mkdir", "new_kind"):
        follow(command)
    test, again = commands("-m pytest")
    assert test == again
    assert "3 passed" in follow(f"{test} -p no:cacheprovider")
    for name, text in FILES.items():
        path = tmp_path / "kinds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert "5 passed" in follow(f"{again} -p no:cacheprovider")


def test_its_kind_is_one_for_the_bridge(follow, tmp_path):
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds/overdue.py").write_text(FILES["overdue.py"])
    asked = "from actions.registry import kinds; k = kinds()['overdue']; print(k.error, k.title, len(k.parameters))"
    assert follow(f'.venv/bin/python manage.py shell -v 0 -c "{asked}"').strip() == "What is overdue? 1"


def test_every_command_of_the_page_is_tried_or_known():
    known = ("mkdir", "new_kind", "-m pytest", "export ", "make run", "pip install")
    assert [line for line in COMMANDS if not any(word in line for word in known)] == []


def test_its_check_is_one_for_the_bridge(follow, tmp_path):
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds/names.py").write_text(FILES["names.py"])
    asked = (
        "from actions.registry import kinds; from actions.quality import checks; "
        "print('names' in kinds(), checks()['wrong_name'].title, list(checks()).index('wrong_name') < 5)"
    )
    assert follow(f'.venv/bin/python manage.py shell -v 0 -c "{asked}"').strip() == "False Wrong name True"
