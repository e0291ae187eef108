"""Imports the files of a studio's own folder, under a package name that nothing else has.

Nothing is put on `sys.path`: a file of the folder called `json.py` changes nobody's `import json`. Files of the folder import
each other relatively (`from . import _colours`). No byte code is written: the folder may be read-only, and a file that was
changed twice within a second is read as it is now.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

PACKAGE = "kinds_of_the_studio"

NO_KINDS = ("_", "test_", "conftest")
"""How names of files begin that the folder may have beside its kinds."""


class FreshLoader(SourceFileLoader):
    """Compiles the source each time."""

    def get_code(self, fullname: str) -> CodeType:
        """As the file stands now."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class FolderFinder(MetaPathFinder):
    """Finds modules of the package, and no other."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module within its parent's folder."""
        if not fullname.startswith(f"{PACKAGE}.") or not path:
            return None
        return FileFinder(next(iter(path)), (FreshLoader, SOURCE_SUFFIXES)).find_spec(fullname)


def open_folder(folder: Path) -> None:
    """Make the folder the package; whatever was imported from it before is forgotten."""
    for name in [one for one in sys.modules if one == PACKAGE or one.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    package = ModuleType(PACKAGE)
    package.__path__ = [str(folder)]
    sys.modules[PACKAGE] = package
    if not any(isinstance(finder, FolderFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, FolderFinder())


def files(folder: Path) -> list[Path]:
    """The files that should be kinds, by name. Raises `OSError` when the folder cannot be read."""
    found = (path for path in folder.iterdir() if path.suffix == ".py" and not path.name.startswith(NO_KINDS))
    return sorted(path for path in found if path.is_file())


def fingerprint(folder: Path) -> frozenset[tuple[str, int, int]]:
    """What changes as soon as a file of the folder does."""
    return frozenset(_stamps(folder))


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for pattern in ("*.py", "templates/**/*.html"):
        for path in folder.rglob(pattern):
            try:
                found = path.stat()
            except OSError:  # It went while we looked.
                continue
            yield str(path), found.st_mtime_ns, found.st_size
