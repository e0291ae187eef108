"""`manage.py run_action`: run an action from a shell or a script, as a person of Kitsu."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from actions.kinds.flags import add_flags, given_by_flags
from actions.kinds.hints import FieldSpec
from actions.line.named import who_is
from actions.line.problems import Refusal, refuse
from actions.line.programs import Ask, Entered, ask, refuse_unheard
from actions.line.who import Who
from actions.models import Action
from actions.parameters.asked import parameters_of
from actions.parameters.sent import WrongParameters
from actions.parameters.typed import typed
from audit.models import Invocation
from audit.states import ENDED, Door, State, Trust, WaitingFor
from kitsu_bridge.kitsu.errors import KitsuError
from kitsu_bridge.kitsu.proof import prove
from kitsu_bridge.kitsu.storable import storable

LOOK_EVERY = 0.5
"""Seconds between two looks at how it goes."""

BAR = 30
TOKEN = "KITSU_TOKEN"  # noqa: S105 - the name of a variable
"""The variable that may hold a token of Kitsu's: never an argument, which every process of the machine can read."""

CODES = {
    State.SUCCEEDED: 0,
    State.WAITING: 10,
    State.QUEUED: 11,
    State.RUNNING: 12,
    State.PARTIAL: 3,
    State.FAILED: 4,
    State.CRASHED: 5,
    State.REFUSED: 6,
    State.CANCELLED: 7,
    State.EXPIRED: 8,
    State.JOINED: 9,
}
"""Exit codes by the state in which the command leaves it. Without `--follow`, an accepted call is 0; 1 and 2 are Django's own."""

INTERRUPTED = 130
"""As shells say it of what was ended by Ctrl-C."""


class Command(BaseCommand):
    """One call by the door of the command line. The flags of the action's parameters are made from its kind."""

    help = (
        "Run an action as a person of Kitsu, or say what it would do. Exit code 0: done, or accepted without --follow."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """With room for flags that only the action knows; `run_action <slug> --help` lists them too."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        usual = parser.format_help
        words: list[str] = []
        parser.format_help = lambda: usual() + _help_of(words)  # type: ignore[method-assign]

        def parse(args: Sequence[str] | None = None, namespace: Any = None) -> argparse.Namespace:
            known: argparse.Namespace
            words.extend(sys.argv[2:] if args is None else args)
            known, known_to_the_action = parser.parse_known_args(args, namespace)
            known.own = known_to_the_action
            return known

        parser.parse_args = parse  # type: ignore[assignment,method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """The action, its tasks, and how far to go; the action's own flags are read when it is known which one it is."""
        parser.add_argument("slug", help="Of the action.")
        parser.add_argument("--task", action="append", default=[], metavar="ID", help="A task; several times.")
        parser.add_argument(
            "--tasks", metavar="FILE", help="Ids of tasks from a file, one a line; - for standard input."
        )
        parser.add_argument("--as", dest="email", metavar="EMAIL", help=f"As whom; else the person of {TOKEN}.")
        parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="A parameter, by name.")
        parser.add_argument("--preview", action="store_true", help="Only say what it would do.")
        parser.add_argument("--yes", action="store_true", help="Yes to what the action asks before it runs.")
        parser.add_argument("--follow", action="store_true", help="Stay until it has ended, with its progress.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for it, and follow it where that is wanted."""
        wish = Ask(options["slug"], _tasks(options), only_plan=options["preview"], confirmed=options["yes"])
        who = self._who(wish, options["email"])
        entered = self._asked(wish, who, options)
        self.stdout.write(f"{entered.invocation.pk}")
        if entered.problem is not None:
            self._refused(entered)
        if settings.EMBEDDED:  # The worker is within the process that serves the pages: its sweeper finds it there.
            Invocation.objects.filter(pk=entered.invocation.pk, state=State.QUEUED).update(next_at=timezone.now())
        if options["follow"] or options["preview"]:
            self._follow(entered.invocation, until_planned=options["preview"])
        elif entered.invocation.state == State.WAITING:
            self.stderr.write(entered.invocation.reason)

    def _asked(self, wish: Ask, who: Who, options: dict[str, Any]) -> Entered:
        """Enter the line; what cannot be understood of the parameters is a refusal as well, and recorded."""
        try:
            wish = replace(wish, parameters=_parameters(wish, options))
        except WrongParameters as error:
            problem = refuse(422, "parameters", "The parameters are not right", str(error), "Correct them.").problem
            invocation = refuse_unheard(wish, problem, Door.COMMAND, who.person)
            return Entered(invocation, True, problem)
        except KitsuError as error:
            raise CommandError(f"Kitsu: {error}") from error
        return ask(wish, who, Door.COMMAND, counted=False)

    def _who(self, wish: Ask, email: str | None) -> Who:
        token = os.environ.get(TOKEN, "")
        try:
            if email:
                return who_is(email, wish.task_ids)
            if token:
                return Who(prove(token), Trust.PROVEN, token)
        except Refusal as refusal:
            invocation = refuse_unheard(wish, refusal.problem, Door.COMMAND)
            self.stdout.write(f"{invocation.pk}")
            raise CommandError(refusal.problem.sentence, returncode=CODES[State.REFUSED]) from None
        except KitsuError as error:
            raise CommandError(f"Kitsu: {error}") from error
        raise CommandError(f"Say as whom: --as EMAIL, or a token of Kitsu's in {TOKEN}.")

    def _refused(self, entered: Entered) -> None:
        assert entered.problem is not None
        for name, text in entered.fields.items():
            self.stderr.write(f"{name}: {text}")
        raise CommandError(entered.problem.sentence, returncode=CODES[State.REFUSED])

    def _follow(self, invocation: Invocation, *, until_planned: bool) -> None:
        try:
            self._until_it_rests(invocation)
        except KeyboardInterrupt:
            self.stderr.write(f"\nIt goes on without you. To look: manage.py invocations {invocation.reference}")
            raise CommandError("Not followed any more.", returncode=INTERRUPTED) from None
        for result in invocation.results.order_by("position"):
            self.stdout.write(f"{result.get_state_display():8} {result.name or result.task_id}: {result.message}")
        self.stdout.write(invocation.message or invocation.reason)
        planned = until_planned and invocation.state == State.WAITING and invocation.planned_at is not None
        code = 0 if planned else CODES[State(invocation.state)]
        if code:
            raise CommandError(invocation.get_state_display(), returncode=code)

    def _until_it_rests(self, invocation: Invocation) -> None:
        """With its progress; why it waits is said once."""
        said = ""
        while not _rests(invocation):
            if invocation.state == State.WAITING and invocation.reason != said:
                said = invocation.reason
                self.stderr.write(said)
            self._bar(invocation)
            time.sleep(LOOK_EVERY)
            invocation.refresh_from_db()
        self._bar(invocation, last=True)

    def _bar(self, invocation: Invocation, *, last: bool = False) -> None:
        """On a terminal alone: a file gets no control characters."""
        if not self.stderr.isatty():
            return
        total = invocation.total_count
        full = BAR * invocation.done_count // total if total else 0
        line = f"[{'#' * full}{'.' * (BAR - full)}] {invocation.get_state_display()} {invocation.done_count}/{total}"
        self.stderr.write(f"\r{line:70}", ending="\n" if last else "")
        self.stderr.flush()


def _rests(invocation: Invocation) -> bool:
    """Whether nothing more happens without a person."""
    by_itself = invocation.waiting_for in {WaitingFor.KITSU, WaitingFor.MAINTENANCE}
    return invocation.state in ENDED or (invocation.state == State.WAITING and not by_itself)


def _tasks(options: dict[str, Any]) -> list[str]:
    source = options["tasks"]
    if not source:
        return list(options["task"])
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{source} cannot be read: {error}") from error
    return [*options["task"], *text.split()]


def _parameters(wish: Ask, options: dict[str, Any]) -> dict[str, Any]:
    """Those of `--param name=value`, and those of the action's own flags. Raises `WrongParameters`, `KitsuError`."""
    action = Action.objects.filter(slug=storable(wish.slug)).first()
    specs = parameters_of(action.definition()) if action else ()
    named = _pairs(options["param"])
    own = options.get("own") or []
    return typed(specs, named | (_by_flags(action, specs, own) if action else {}), wish.task_ids)


def _pairs(texts: Sequence[str]) -> dict[str, Any]:
    """By name; one that comes several times is a list."""
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongParameters({"--param": f"Write NAME=VALUE, not {text[:80]!r}."})
        plain = name.strip().replace("-", "_")
        found[plain] = [*_several(found[plain]), value] if plain in found else value
    return found


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _help_of(words: Sequence[str]) -> str:
    """The flags of the action among these words; nothing where none is, or there is no database."""
    with suppress(DatabaseError):
        found = Action.objects.filter(slug__in=[storable(word) for word in words]).first()
        asked = _asked_by(found, parameters_of(found.definition())) if found else []
        return f"\n{_parser_of(found, asked).format_help()}" if found and asked else ""
    return ""


def _asked_by(action: Action, specs: Sequence[FieldSpec]) -> list[FieldSpec]:
    """Those that may be given. What the line will miss it says itself: none is required here."""
    return [
        replace(spec, default=None if spec.required else spec.default, optional=True)
        for spec in specs
        if spec.name not in action.fixed
    ]


def _parser_of(action: Action, asked: Sequence[FieldSpec]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"run_action {action.slug}",
        usage=argparse.SUPPRESS,
        add_help=False,
        exit_on_error=False,
        allow_abbrev=False,
    )
    add_flags(parser, asked)
    return parser


def _by_flags(action: Action, specs: Sequence[FieldSpec], words: Sequence[str]) -> dict[str, Any]:
    asked = _asked_by(action, specs)
    parser = _parser_of(action, asked)
    try:
        known, strange = parser.parse_known_args(list(words))
        given = given_by_flags(asked, known)
    except (argparse.ArgumentError, argparse.ArgumentTypeError) as error:
        raise WrongParameters({"flags": str(error)}) from error
    if strange:
        text = f"{strange[0][:80]} is no flag of this command, nor a parameter of the action {action.slug!r}."
        raise WrongParameters({"flags": text})
    return given
