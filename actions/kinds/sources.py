"""Where kinds come from: the bridge, installed packages, the studio's folder. Of two with one name the first counts."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from django.conf import settings

from actions import handlers
from actions.kinds import folder

GROUP = "kitsu_bridge.handlers"
"""The group of entry points with which a package offers kinds: `shout = "our_tools.kinds.shout"`."""

FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Source:
    """A module that says it is a kind. `origin`: empty for the bridge's own, else the package or `folder`."""

    name: str
    module: str
    origin: str = ""
    file: str = ""


def sources() -> list[Source]:
    """All of them, in their order."""
    return [*_own(), *_packages(), *_folder()]


def _own() -> Iterator[Source]:
    for info in pkgutil.iter_modules(handlers.__path__):
        file = f"actions/handlers/{info.name}{'/__init__' if info.ispkg else ''}.py"
        yield Source(info.name, f"{handlers.__name__}.{info.name}", file=file)


def _packages() -> Iterator[Source]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        package = point.dist.name if point.dist else "unknown"
        yield Source(point.name, point.value, f"package {package}", point.value)


def _folder() -> Iterator[Source]:
    if not settings.KINDS_FOLDER or folder_trouble():
        return
    where = Path(settings.KINDS_FOLDER)
    folder.open_folder(where)
    for path in folder.files(where):
        yield Source(path.stem, f"{folder.PACKAGE}.{path.stem}", FOLDER, str(path))


def folder_trouble() -> str:
    """Why the folder of the settings cannot be read, in words; empty when it can, and when there is none."""
    if not settings.KINDS_FOLDER:
        return ""
    try:
        folder.files(Path(settings.KINDS_FOLDER))
    except OSError as error:
        return f"The folder {settings.KINDS_FOLDER} of KINDS_FOLDER cannot be read: {error.strerror}."
    return ""
