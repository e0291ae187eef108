from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.actions.conftest import a_queued_invocation, an_action, sample_person, sample_task_ids

__all__ = ["a_queued_invocation", "an_action", "sample_person", "sample_task_ids"]

PYTHON = os.environ.get("LAUNCHER_PYTHON", sys.executable)
"""What runs the launcher: set it to try an older one."""

DESKTOP = Path(__file__).resolve().parents[3] / "deploy/desktop"
LAUNCHER = DESKTOP / "kitsu_bridge_launcher.py"


@pytest.fixture(scope="session")
def launcher():
    """The launcher as a module."""
    spec = importlib.util.spec_from_file_location("kitsu_bridge_launcher", LAUNCHER)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def computer(tmp_path):
    """A person's computer: a home with settings; `run(link)` starts the launcher as the system would."""
    return Computer(tmp_path)


class Computer:
    def __init__(self, home):
        self.home = home
        self.settings = home / ".config/kitsu-bridge/launcher.ini"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.env = kept | {"HOME": str(home), "DISPLAY": "", "WAYLAND_DISPLAY": ""}

    def allow(self, server, **applications):
        """Settings that name a server and programs: `allow(url, cat="command = /bin/cat")`."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        sections = [f"[application.{name}]\n{text}\n" for name, text in applications.items()]
        self.settings.write_text(f"[bridge]\nservers = {server}\n\n" + "\n".join(sections))

    def run(self, *arguments):
        """Exit code, and what it said."""
        done = subprocess.run([PYTHON, LAUNCHER, *arguments], env=self.env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    @property
    def log(self):
        path = self.settings.parent / "launcher.log"
        return path.read_text() if path.exists() else ""
