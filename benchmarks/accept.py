"""How many calls a second are accepted: proven, judged, recorded and queued, beside a bare view in the same run.

    DATABASE_URL=postgres://... CELERY_BROKER_URL=redis://... CACHE_URL=redis://... .venv/bin/python benchmarks/accept.py

The bare view inserts one row and pushes one message onto Redis, in the same Django under the same gunicorn. The person is
proven by Kitsu's cookie (the sample studio's here: the proof is cached either way). Both run with no rate limit. Nothing
works on the queue meanwhile. Rounds of the two alternate; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent)  # In this folder `statistics` is another benchmark.

import statistics  # noqa: E402

SLUG = "benchmark-accept"
TASKS = 20
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}


def main() -> None:
    """Start both under one gunicorn, load each in turn, print calls per second and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=3.0, help="of each round")
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    cookie = prepare()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "benchmarks.bare:application", "-b", f"127.0.0.1:{port}",
         "-k", "gthread", "-w", "2", "--threads", "16", "--log-level", "error", "--no-control-socket"],
        cwd=HERE.parent,
    )  # fmt: skip
    try:
        wait_for(port)
        print(f"{'clients':>8} {'bare/s':>9} {'accept/s':>9} {'ratio':>7}")
        for clients in (1, 8, 32):
            report(port, clients, chosen.seconds, chosen.rounds, cookie)
    finally:
        server.terminate()
        server.wait(timeout=15)


def prepare() -> str:
    """Migrate, make the action, and sign a person of the sample studio in; the cookie as a browser would send it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
    os.environ.update(RATE_PER_PERSON="100000000/minute", RATE_PER_ADDRESS="100000000/minute", LOG_LEVEL="ERROR")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from actions.models import Action
    from kitsu_bridge.kitsu.studio import studio

    call_command("migrate", verbosity=0)
    Action.objects.update_or_create(slug=SLUG, defaults={"name": "Benchmark", "kind": "debug"})
    from benchmarks.bare import make_table

    make_table()
    connections["default"].close_pool()
    return "access_token_cookie=" + studio().log_in(studio().people()[0]["email"], "any")


def report(port: int, clients: int, seconds: float, rounds: int, cookie: str) -> None:
    """One line of the table."""
    rates: dict[str, list[float]] = {"/bare/": [], f"/run/{SLUG}/": []}
    for _ in range(rounds):
        for path, found in rates.items():
            found.append(load(port, path, clients, seconds, cookie))
    bare, accept = (statistics.median(found) for found in rates.values())
    print(f"{clients:>8} {bare:>9.0f} {accept:>9.0f} {accept / bare:>7.2f}", flush=True)


def load(port: int, path: str, clients: int, seconds: float, cookie: str) -> float:
    """Calls per second that `clients` connections get answered."""
    counts = [0] * clients
    until = time.monotonic() + seconds

    def click(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = HEADERS | {"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}"}
        while time.monotonic() < until:
            connection.request("POST", path, body(), headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in {200, 303}, (path, answer.status)
            counts[number] += 1

    threads = [threading.Thread(target=click, args=(number,)) for number in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def body() -> str:
    """A form as Kitsu's: other tasks each time, so that no call is another's double click."""
    return urlencode({"selection": ",".join(str(uuid.uuid4()) for _ in range(TASKS)), "entitytype": "shot"})


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server listens."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
