"""What an administrator sets of opening files in programs, and what may not be set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from actions.clients.protocols import generic, rv, ticket
from actions.clients.protocols.files import Storage, storages
from actions.clients.protocols.launch import declared
from actions.contract import ActionError, Field
from actions.filling import problems

PROGRAMS = (
    ("rv", "RV or OpenRV"),
    ("xstudio", "xSTUDIO"),
    ("other", "Another program, by an address of its own"),
    ("launcher", "Any program, through the studio's launcher"),
)
TITLES = {"rv": "RV", "xstudio": "xSTUDIO"}


@dataclass(frozen=True)
class Options:
    """Which program opens which files, and how."""

    program: Annotated[Literal["rv", "xstudio", "other", "launcher"], Field(label="Opens in", choices=PROGRAMS)] = "rv"
    file: Annotated[
        str,
        Field(
            label="File of a task", template="text", help="Its absolute path, such as {preview_path} or {data.path}."
        ),
    ] = "{preview_path}"
    without_file: Annotated[
        bool,
        Field(label="No file", help="The address or the arguments say all; only for other programs and the launcher."),
    ] = False
    storage: Annotated[
        str,
        Field(
            label="Shared storages",
            long=True,
            help="A line for each, where Windows, macOS and Linux have it: P:\\ | /Volumes/proj | /mnt/proj",
        ),
    ] = ""
    nowhere_else: Annotated[bool, Field(label="Only files on these storages")] = False
    one_by_one: Annotated[bool, Field(label="A link for each task", help="In place of one link with all files.")] = (
        False
    )
    cut: Annotated[
        bool,
        Field(label="Cut to the shot's frames", help="RV only; for images numbered as frame in and frame out are."),
    ] = False
    rv_options: Annotated[str, Field(label="Options of RV", help=f"Of these: {', '.join(rv.OPTIONS)}")] = "-l -play"
    address: Annotated[
        str,
        Field(label="Address of another program", help="{path} is the file: mrv2://open?path={path}&task={task_id}"),
    ] = ""
    application: Annotated[
        str, Field(label="Program in the launcher's settings", help="Its key there, such as nuke.")
    ] = ""
    arguments: Annotated[
        str, Field(label="Arguments for the launcher", long=True, help="One a line; variables may stand in them.")
    ] = ""
    launcher_when_long: Annotated[
        bool, Field(label="Long links through the launcher", help="A link has room for 2,000 characters.")
    ] = False
    minutes: Annotated[int, Field(label="A ticket lives for", unit="minutes", least=1, most=60)] = 5
    same_address: Annotated[
        bool, Field(label="Launcher at the browser's own address", help="Not where one of the two uses a proxy.")
    ] = False
    advice: Annotated[str, Field(label="When nothing opens", long=True, help="Your own words for the page.")] = ""

    def __post_init__(self) -> None:
        """Raises `ActionError` for what may not be opened, when the action is saved and again when it runs."""
        self.storages  # noqa: B018 - asked for its error
        _demand_none(problems(self.file))
        CHECKS[self.program](self)
        if self.program == "launcher" or self.launcher_when_long:
            ticket.application(self.application)
            _demand_none([text for line in self.argument_lines for text in problems(line)])

    @cached_property
    def storages(self) -> tuple[Storage, ...]:
        """The table of storages, read."""
        return storages(self.storage)

    @property
    def argument_lines(self) -> list[str]:
        """The templates of the launcher's arguments."""
        return [line.strip() for line in self.arguments.splitlines() if line.strip()]

    @property
    def declared(self) -> tuple[str, str | None]:
        """Scheme and host of every link that the action opens; of no other has its page one."""
        return declared(self.program, self.address)

    @property
    def title(self) -> str:
        """What the program is called on the page: another's by its scheme, the launcher's by its key."""
        return TITLES.get(self.program) or (self.application if self.program == "launcher" else self.declared[0])

    @property
    def together(self) -> bool:
        """Whether one link opens all files; another program's address has room for one."""
        return not self.one_by_one and self.program != "other"


def _check_player(options: Options) -> None:
    rv.allowed_options(options.rv_options)
    if options.without_file:
        raise ActionError(f"{TITLES[options.program]} opens files: switch “No file” off.")


def _check_other(options: Options) -> None:
    generic.head(options.address)
    if options.without_file == ("{path}" in options.address):
        raise ActionError("The address needs {path} where the file belongs; or switch “No file” on, and leave it out.")
    _demand_none(problems(options.address.replace("{path}", "x"), "url"))


def _check_launcher(options: Options) -> None:
    if not options.application:
        raise ActionError("Name the program in the launcher's settings, such as nuke.")


CHECKS: dict[str, Callable[[Options], None]] = {
    "rv": _check_player,
    "xstudio": _check_player,
    "other": _check_other,
    "launcher": _check_launcher,
}


def _demand_none(wrong: Sequence[str]) -> None:
    if wrong:
        raise ActionError(" ".join(wrong))
