"""`manage.py serve`: migrate, create the first actions, and serve the pages; without a broker, work as well."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connections
from gunicorn.app.base import BaseApplication

from actions.first_actions import create_first_actions
from actions.line.embedded import Embedded
from actions.registry_file.drift import warn_of_drift
from audit.settings_seen import record_settings
from kitsu_bridge import env


class Command(BaseCommand):
    """Serves the bridge at HOST and PORT."""

    help = "Migrate, create the first actions, and serve the bridge at HOST and PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--no-migrate`."""
        parser.add_argument("--no-migrate", action="store_true", help="Leave the database as it is.")

    def handle(self, **options: Any) -> None:
        """Serve until Ctrl-C; a port in use or a database that is away is said in a sentence."""
        _port_is_free(settings.HOST, settings.PORT)
        if not options["no_migrate"]:
            self._set_up()
        connections.close_all()
        for connection in connections.all():
            if hasattr(connection, "close_pool"):
                connection.close_pool()  # A pool's threads do not survive the fork.
        self.stdout.write(f"Kitsu Bridge at {_address()}  ({_beside()})  Ctrl-C stops it.")
        self.stdout.flush()
        Server().run()

    def _set_up(self) -> None:
        try:
            call_command("migrate", verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {str(error).splitlines()[0]}") from None
        record_settings("serve")
        count = create_first_actions()
        if count:
            self.stdout.write(f"Created {count} first actions.")
        warn_of_drift()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads; one process where the worker is embedded, because its queue is in memory."""

    def load_config(self) -> None:
        """Settings of gunicorn; the rest are its defaults."""
        # Threads, not greenlets: the pool of database connections and the embedded worker are made of them.
        values = {
            "bind": f"{settings.HOST}:{settings.PORT}",
            "workers": 1 if settings.EMBEDDED else settings.WEB_WORKERS,
            "threads": settings.WEB_THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            # Else gunicorn believes X-Forwarded-Proto of whoever calls from this machine, a careless proxy for one.
            "forwarded_allow_ips": "*" if settings.TRUST_PROXY else "",
            # Nor does a header say where the bridge stands: with SCRIPT_NAME a stranger would write our links.
            "forwarder_headers": "",
            "limit_request_line": 8190,
        }
        for name, value in values.items():
            self.cfg.set(name, value)
        if settings.EMBEDDED:
            self.cfg.set("post_worker_init", _work_here)

    def load(self) -> Any:
        """The application; imported in each worker process."""
        from kitsu_bridge.wsgi import application

        return application


def _work_here(worker: Any) -> None:
    """Start the embedded worker in gunicorn's one process, and stop it with it."""
    embedded = Embedded().start()

    def end(_arbiter: Any, _worker: Any) -> None:
        embedded.stop()
        sys.stdout.flush()
        os._exit(0)  # Python would wait here for a handler that may run for minutes yet.

    worker.cfg.set("worker_exit", end)


def _port_is_free(host: str, port: int) -> None:
    """A sentence in place of gunicorn's five attempts and a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise env.WrongSetting(
                "PORT", f"{port} at {host} cannot be used: {error.strerror}. Choose another: PORT={port + 1} make run"
            ) from None


def _address() -> str:
    return (
        settings.BRIDGE_URL
        or f"http://{'localhost' if settings.HOST == '127.0.0.1' else settings.HOST}:{settings.PORT}"
    )


def _beside() -> str:
    return f"beside {settings.KITSU_PUBLIC_URL}" if settings.KITSU_URL else "sample studio; set KITSU_URL for your own"
