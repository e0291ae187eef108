"""`manage.py maintenance`: pause all or one action, drain a worker, and let them go on. Without a word: how it stands."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.line.maintenance import resume
from actions.line.pauses import EVERYTHING, pause, pauses
from actions.models import Action
from actions.worker.draining import QueueAway, Worker, drain, take_again, workers

LOOK_EVERY = 1.0
"""Seconds between two looks whether a drained worker has ended what it had."""


class Command(BaseCommand):
    """The same as the admin's page, for scripts."""

    help = "Pause all or one action (calls are kept), drain a worker, and let them go on."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word, and what it is about."""
        words = parser.add_subparsers(dest="do")
        for word, says in (("pause", "Keep calls and run none."), ("resume", "Let them go on.")):
            one = words.add_parser(word, help=says)
            one.add_argument("slug", nargs="?", default=EVERYTHING, help="Of an action; without it: all.")
            if word == "pause":
                one.add_argument("--say", required=True, metavar="SENTENCE", help="What people read on their page.")
        for word, says in (("drain", "Let a worker take nothing new."), ("take", "Let it take again.")):
            one = words.add_parser(word, help=says)
            one.add_argument("worker", help="Its name, or part of it; `all` for all of them.")
            if word == "drain":
                one.add_argument("--wait", action="store_true", help="Until it has ended what it has.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say how it stands."""
        does = {"pause": self._pause, "resume": self._resume, "drain": self._drain, "take": self._take}
        try:
            does.get(options["do"], self._show)(options)
        except QueueAway as error:
            raise CommandError(f"{error} Try again when it is back.") from error

    def _pause(self, options: dict[str, Any]) -> None:
        slug = options["slug"]
        if slug != EVERYTHING and not Action.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no action {slug!r}.")
        if not (sentence := options["say"].replace("\x00", "").strip()):
            raise CommandError("Say in a sentence why: people read it on the pages of their calls.")
        pause(slug, sentence, None)
        self.stdout.write(f"{slug or 'Everything'} is paused; calls are kept.")

    def _resume(self, options: dict[str, Any]) -> None:
        slug = options["slug"]
        if not resume(slug, None):
            raise CommandError(f"{slug or 'Everything'} was not paused.")
        rest = ", ".join(str(one) for one in pauses().values() if EVERYTHING in {slug, one.slug})
        still = f" Still paused: {rest}." if rest else ""
        self.stdout.write(f"{slug or 'Everything'} goes on.{still}")

    def _drain(self, options: dict[str, Any]) -> None:
        found = _named(options["worker"])
        for worker in found:
            drain(worker, None)
            self.stdout.write(f"{worker.name} takes nothing new.")
        if options["wait"]:
            self._until_idle({worker.name for worker in found})

    def _until_idle(self, names: set[str]) -> None:
        while busy := [worker for worker in workers() if worker.name in names and worker.running]:
            self.stdout.write(f"{sum(len(worker.running) for worker in busy)} still running …")
            time.sleep(LOOK_EVERY)
        self.stdout.write("Nothing runs there any more.")

    def _take(self, options: dict[str, Any]) -> None:
        for worker in _named(options["worker"]):
            take_again(worker, None)
            self.stdout.write(f"{worker.name} takes invocations again.")

    def _show(self, options: dict[str, Any]) -> None:
        paused, found = list(pauses().values()), workers()
        for one in paused:
            self.stdout.write(f"{one} paused since {one.since:%Y-%m-%d %H:%M}: {one.sentence}")
        if not paused:
            self.stdout.write("Nothing is paused.")
        if not found:
            self.stdout.write("No worker answers; the one within manage.py serve is seen in the admin alone.")
        for worker in found:
            takes = f"takes from {', '.join(worker.queues)}" if worker.queues else "takes nothing new"
            self.stdout.write(f"{worker.name} {takes}, has {len(worker.running)}.")


def _named(words: str) -> list[Worker]:
    found = [worker for worker in workers() if words == "all" or words in worker.name]
    if not found:
        raise CommandError(f"No worker answers to {words!r}.")
    return found
