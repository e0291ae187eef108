"""A pytest plugin (`-p tests.servers.own`): each process of `pytest -n` gets the set of servers that was started for it.

It stands in the environment before anything reads the settings, therefore at import.
"""

from __future__ import annotations

import json
import os


def take(environ: dict[str, str] | os._Environ[str]) -> None:
    """Put the variables of this process's set in place of the first one's; nothing where there is one set for all."""
    sets, worker = json.loads(environ.get("TEST_SERVERS", "[]")), environ.get("PYTEST_XDIST_WORKER", "")
    if len(sets) > 1 and worker:
        environ.update(sets[int(worker.removeprefix("gw"))])


take(os.environ)
