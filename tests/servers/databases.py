"""PostgreSQL and Redis, each in a folder of its own that goes when the run ends."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.servers.process import DidNotStart, Server, as_account, free_port, listens, unprivileged
from tests.servers.programs import copied, postgres_bin, redis_server

FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "shared_buffers=64MB"]
"""Nothing here outlives the run, so nothing needs to reach the disk."""


class Postgres:
    """A PostgreSQL with a superuser `tests`, over TCP on the loopback interface."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.port, self.folder = postgres_bin(), free_port(), folder
        account = unprivileged()
        folder.mkdir()
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        how = as_account(account)
        self.bin = self._within_reach(how)
        self._run(
            [f"{self.bin}/initdb", "-D", f"{folder}/data", "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C"],
            how,
        )
        options = [part for option in FAST for part in ("-c", option)]
        command = [
            f"{self.bin}/postgres",
            "-D",
            f"{folder}/data",
            "-p",
            str(self.port),
            "-k",
            str(folder),
            "-h",
            "127.0.0.1",
        ]
        self.server = Server("PostgreSQL", [*command, *options], folder.parent / "postgres.log", cwd=folder, **how)
        self.server.wait_for(self._ready)

    def _within_reach(self, how: dict[str, object]) -> Path:
        """Its programs, copied when its account may not enter their folder: a wheel under root's home is such a place."""
        try:
            self._run([f"{self.bin}/initdb", "--version"], how)
        except PermissionError:
            return copied(self.bin, self.folder / "programs")
        return self.bin

    def _ready(self) -> bool:
        return listens(self.port) and self.sql("postgres", "SELECT 1", check=False) == 0

    def url(self, name: str) -> str:
        """DATABASE_URL of one database."""
        return f"postgres://tests@127.0.0.1:{self.port}/{name}"

    def sql(self, database: str, statement: str, *, check: bool = True) -> int:
        """Run one statement."""
        import psycopg

        try:
            with psycopg.connect(self.url(database), autocommit=True, connect_timeout=3) as connection:
                connection.execute(statement)  # type: ignore[arg-type]
        except psycopg.OperationalError:
            if check:
                raise
            return 1
        return 0

    def stop(self) -> None:
        """End it."""
        self.server.stop()

    @staticmethod
    def _run(command: list[str], how: dict[str, object]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **how)  # type: ignore[call-overload]
        if done.returncode:
            raise DidNotStart(f"initdb failed:\n{done.stderr[-2000:]}")


class Redis:
    """A Redis without persistence."""

    def __init__(self, folder: Path, name: str) -> None:
        self.port = free_port()
        command = [
            str(redis_server()),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.server = Server(f"Redis ({name})", command, folder / f"redis-{name}.log", cwd=folder)
        self.server.wait_for(lambda: listens(self.port))

    def url(self, database: int) -> str:
        """URL of one of its databases."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End it."""
        self.server.stop()
