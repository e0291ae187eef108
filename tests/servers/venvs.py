"""Programs that tests are compared with, each in a virtual environment of its own under `.run`, made at the first run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.servers.process import DidNotStart, tail

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 540
"""Seconds that a step may take."""


def python_of(name: str, version: str, wanted: list[str]) -> Path:
    """The Python of `.run/<name>/<version>`, with what pip is to install; `<NAME>_VENV` names a folder that has it already.

    Raises `DidNotStart` with the end of pip's log.
    """
    given = os.environ.get(f"{name.upper()}_VENV")
    home = Path(given or ROOT / ".run" / name / version)
    python, stamp = home / "bin" / "python", home / ".installed"
    if stamp.exists() or given:
        return python
    home.parent.mkdir(parents=True, exist_ok=True)
    log = home.parent / "install.log"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    with log.open("wb") as output:
        for command in ([sys.executable, "-m", "venv", "--clear", str(home)], [*pip, *wanted]):
            if subprocess.run(command, stdout=output, stderr=output, timeout=LONGEST).returncode:
                raise DidNotStart(f"{name} could not be installed:\n{tail(log)}")
    stamp.touch()
    return python
