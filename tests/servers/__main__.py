"""`python -m tests.servers -- command`: start the servers, run the command against them, stop them, return its code.

python -m tests.servers -- .venv/bin/pytest tests/kitsu_bridge
python -m tests.servers -- bash

`--sets auto` starts them once for each core, for tests that run beside each other (`pytest -n auto`): tests look at all that
is in a database, so each process needs servers of its own (`tests/servers/own.py` gives it the right ones).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.servers import jet
from tests.servers.databases import Postgres, Redis
from tests.servers.process import DidNotStart
from tests.servers.programs import NotThere
from tests.servers.zou import VERSION, Zou, installed


def main() -> int:
    """Start what can be started; say what cannot, and why."""
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else ["bash"]
    for ending in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal leaves nothing running either
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="kitsu-bridge-tests-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)
        sets = start_sets(folder, stack, how_many(sys.argv))
        env, told = sets[0]
        env = env | {
            "TEST_SERVERS": json.dumps([of_one for of_one, _ in sets]),
            "PYTEST_XDIST_AUTO_NUM_WORKERS": str(len(sets)),
        }
        print(f"Servers: {'; '.join(told)}", flush=True)
        began = time.monotonic()
        code = subprocess.call(command, env=os.environ | env)
        print(f"Ran against {'; '.join(told)}, in {time.monotonic() - began:.0f} s.", flush=True)
        return code


MOST_SETS = 4


def how_many(arguments: list[str]) -> int:
    """How many sets of servers: one, or with `--sets auto` one for each core."""
    ours = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return max(1, min(MOST_SETS, os.cpu_count() or 1)) if "--sets" in ours else 1


def start_sets(folder: Path, stack: ExitStack, count: int) -> list[tuple[dict[str, str], list[str]]]:
    """As many sets, started beside each other; what they need is installed before, so that they do not do it twice."""
    with ThreadPoolExecutor() as pool:
        pool.submit(_attempt, "Zou", installed)
        pool.submit(_attempt, "jet-django", jet.installed)
    folders = [folder / str(number) for number in range(count)]
    for one in folders:
        one.mkdir(mode=0o755)
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda one: start(one, stack), folders))


def start(folder: Path, stack: ExitStack) -> tuple[dict[str, str], list[str]]:
    """The variables that tests read, and what was started."""
    with ThreadPoolExecutor() as pool:
        zou_ready = pool.submit(_attempt, "Zou", installed)
        jet_ready = pool.submit(_attempt, "jet-django", jet.installed)
        postgres = _started(stack, "PostgreSQL", lambda: Postgres(folder / "postgres"))
        redis = _started(stack, "Redis", lambda: Redis(folder, "bridge"))
        zou_installed, jet_python = zou_ready.result(), jet_ready.result()
    env, told = {}, []
    if postgres:
        postgres.sql("postgres", "CREATE DATABASE bridge")
        env["DATABASE_URL"] = postgres.url("bridge")
        told.append(f"PostgreSQL from {postgres.bin}")
    if redis:
        env["TEST_REDIS_URL"] = redis.url(0).removesuffix("/0")
        told.append("Redis")
    if jet_python:
        env["TEST_JET_PYTHON"] = str(jet_python)
        told.append(f"jet-django {jet.version()}")
    zou = _started(stack, "Zou", lambda: Zou(postgres, folder)) if zou_installed and postgres else None
    if zou:
        env |= zou_variables(zou)
        told.append(f"Zou {VERSION}")
    return env, told or ["nothing"]


def zou_variables(zou: Zou) -> dict[str, str]:
    """What tests need to know of the Zou."""
    return {
        "TEST_ZOU_URL": zou.url,
        "TEST_ZOU_BOT_TOKEN": str(zou.seeded["bot_token"]),
        "TEST_ZOU_PASSWORD": zou.password,
        "TEST_ZOU_TOTP_SECRET": str(zou.seeded["totp_secret"]),
        "TEST_ZOU_DATABASE_URL": zou.database_url,
        "TEST_ZOU_ENVIRONMENT": json.dumps(zou.env),
    }


def _started(stack: ExitStack, name: str, make):
    print(f"Starting {name} …", flush=True)
    server = _attempt(name, make)
    if server is not None:
        stack.callback(server.stop)
    return server


def _attempt(name: str, make):
    """What was made, or None and the reason in words."""
    try:
        return make()
    except (DidNotStart, NotThere, OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"{name} is not there, its tests will be skipped: {error}", file=sys.stderr, flush=True)
        return None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
