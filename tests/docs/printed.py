"""Runs what a document prints: lines after `$` in its console blocks, with what must come of them below (`...` for the rest)."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)
HOST = "http://localhost:8000"


def commands_of(document: Path) -> list[tuple[str, str]]:
    """Each command with the output that the document promises."""
    found = []
    for block in BLOCK.findall(document.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def run(command: str, env: dict[str, str], url: str, folder: Path) -> str:
    """What it says, on both streams."""
    typed = (
        command.replace("manage.py ", f"{sys.executable} {ROOT}/manage.py ", 1)
        if command.startswith("manage.py")
        else command
    )
    done = subprocess.run(
        ["bash", "-c", f"{typed.replace(HOST, url)} 2>&1"],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.replace(url, HOST)


def agrees(promised: str, said: str) -> bool:
    """As doctest compares: `...` stands for anything, also for the rest."""
    if not promised.strip():
        return True
    wanted = promised.rstrip("\n") + ("" if promised.rstrip().endswith("...") else "\n")
    return doctest.OutputChecker().check_output(wanted, said if said.endswith("\n") else f"{said}\n", doctest.ELLIPSIS)
