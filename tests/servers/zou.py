"""A real Zou: installed once into `.run/zou`, with a database and a Redis of its own, seeded."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import urllib.request
from pathlib import Path

from tests.servers.databases import Postgres, Redis
from tests.servers.process import DidNotStart, Server, free_port, tail
from tests.servers.venvs import python_of

VERSION = "1.0.97"
SEED = Path(__file__).with_name("zou_seed.py")


def installed() -> Path:
    """The Python of Zou's own virtual environment; made at the first run, in about 90 seconds."""
    return python_of("zou", VERSION, [f"zou=={VERSION}"])


class Zou:
    """One Zou with the productions and people of the seed."""

    def __init__(self, postgres: Postgres, folder: Path) -> None:
        self.python = installed()
        self.database_url = postgres.url("zou")
        self.port = free_port()
        self.redis = Redis(folder, "zou")
        self.log = folder / "zou.log"
        self.password = f"pw-{secrets.token_hex(8)}"
        self.env = self._environment(postgres, folder)
        try:
            self.seeded: dict[str, str] = self._seed(postgres, folder)
            self.server = Server("Zou", self._command(folder), self.log, env=self.env, cwd=folder)
            self.server.wait_for(self._ready, 90)
        except BaseException:  # an interrupt as well: nobody else knows this Redis yet
            self.redis.stop()
            raise

    @property
    def url(self) -> str:
        """Where its API stands."""
        return f"http://127.0.0.1:{self.port}"

    def _environment(self, postgres: Postgres, folder: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(postgres.port),
            "DB_USERNAME": "tests",
            "DB_PASSWORD": "",
            "DB_DATABASE": "zou",
            "KV_HOST": "127.0.0.1",
            "KV_PORT": str(self.redis.port),
            "SECRET_KEY": secrets.token_hex(24),
            "PREVIEW_FOLDER": str(folder / "previews"),
            "TMP_DIR": str(folder / "tmp"),
            "PLUGIN_FOLDER": str(folder / "plugins"),
            "MAIL_ENABLED": "false",
            "MAIL_CHECK_DELIVERABILITY": "false",
            "DOMAIN_NAME": f"127.0.0.1:{self.port}",
            "DOMAIN_PROTOCOL": "http",
            "TELEMETRY_URL": "http://127.0.0.1:9/",
            "SEED_PASSWORD": self.password,
        }

    def _seed(self, postgres: Postgres, folder: Path) -> dict[str, str]:
        """Make the database, Zou's own first data, then ours; the answer names what tests ask for."""
        postgres.sql("postgres", "CREATE DATABASE zou")
        zou = str(self.python.with_name("zou"))
        for command in ([zou, "init-db"], [zou, "init-data"]):
            self._run(command, folder)
        answer = self._run([str(self.python), "-"], folder, SEED.read_text())
        found: dict[str, str] = json.loads(answer.splitlines()[-1])
        return found

    def _run(self, command: list[str], folder: Path, script: str = "") -> str:
        done = subprocess.run(
            command, input=script, capture_output=True, text=True, env=self.env, cwd=folder, timeout=180
        )
        with self.log.open("a") as log:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            raise DidNotStart(f"{Path(command[0]).name} {' '.join(command[1:])} failed:\n{tail(self.log, 12)}")
        return done.stdout

    def _command(self, folder: Path) -> list[str]:
        """A worker that is silent for 30 seconds would be ended: so long may a large list take on a busy machine."""
        return [
            str(self.python.with_name("gunicorn")), "-k", "gevent", "-w", "2", "-b", f"127.0.0.1:{self.port}",
            "--no-control-socket", "--worker-tmp-dir", str(folder), "--timeout", "300", "zou.app:app",
        ]  # fmt: skip

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=3) as answer:  # noqa: S310 - our own server
                return bool(json.load(answer).get("api") == "Zou")
        except (OSError, ValueError):
            return False

    def stop(self) -> None:
        """End it and its Redis."""
        self.server.stop()
        self.redis.stop()
