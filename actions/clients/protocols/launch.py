"""One link for each system where they differ, one for all where they do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from actions.clients.protocols import generic, rv, ticket, xstudio
from actions.clients.protocols.files import PLATFORMS, Clip, Platform, native
from actions.contract import ActionError

Clips = Mapping[Platform, Clip]
"""One file, as each system that has it finds it."""

DECLARED: dict[str, tuple[str, str | None]] = {
    "rv": (rv.SCHEME, "baked"),
    "xstudio": (xstudio.SCHEME, "add_media"),
    "launcher": (ticket.SCHEME, "run"),
}
"""Scheme and host of the links of a program; those of another program stand in the action's own address."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A link and the files that it opens, as a person of that system writes them. `platform` is empty for every system."""

    platform: str
    url: str
    files: tuple[str, ...] = ()


def declared(program: str, address: str) -> tuple[str, str | None]:
    """Scheme and host that every link of an action has. Raises `ActionError` for an address that may not be opened."""
    return DECLARED[program] if program in DECLARED else generic.head(address)


def launches(files: Sequence[Clips], link: Callable[[Sequence[Clip]], str]) -> tuple[Launch, ...]:
    """The links that open these files, by `link`. Raises `ActionError` where a file is on no system."""
    found = [_launch(platform, files, link) for platform in PLATFORMS if any(platform in one for one in files)]
    if not found:
        raise ActionError("No system has this file.")
    if len({one.url for one in found}) == 1:
        return (Launch("", found[0].url, found[0].files),)
    return tuple(found)


def _launch(platform: Platform, files: Sequence[Clips], link: Callable[[Sequence[Clip]], str]) -> Launch:
    clips = list(
        dict.fromkeys(one[platform] for one in files if platform in one)
    )  # Tasks of one shot may share a file.
    return Launch(platform, link(clips), tuple(native(clip.path) for clip in clips))


def paths(files: Sequence[Clips]) -> dict[str, list[str]]:
    """The same files for the launcher, by system; under an empty name where no system differs."""
    found = {name: _paths(name, files) for name in PLATFORMS}
    same = all(paths == found[PLATFORMS[0]] for paths in found.values())
    return {"": found[PLATFORMS[0]]} if same else {name: paths for name, paths in found.items() if paths}


def _paths(platform: Platform, files: Sequence[Clips]) -> list[str]:
    return list(dict.fromkeys(native(one[platform].path) for one in files if platform in one))
