"""The kinds: every module of `actions/handlers/` that has a handler is one, and its name is the kind's name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import Any

from actions import handlers
from actions.contract import Outcome, Plan
from actions.hints import FieldSpec, fields_of_class, fields_of_function, options_class

Handler = Callable[..., Outcome]
Previewer = Callable[..., Plan]
Checker = Callable[[Any, Mapping[str, Any]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `@handler(...)` says of a kind."""

    title: str
    entity_types: frozenset[str] = frozenset()
    opens_in_browser: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of action. `error` instead of `run` when its file is broken."""

    name: str
    title: str
    description: str = ""
    entity_types: frozenset[str] = frozenset()
    opens_in_browser: bool = False
    run: Handler | None = None
    preview: Previewer | None = None
    wrong: Checker | None = None
    """Sentences about options that the bridge's settings do not allow: asked when an action is saved."""
    options_class: type[Any] | None = None
    options: tuple[FieldSpec, ...] = ()
    parameters: tuple[FieldSpec, ...] = ()
    error: str = field(default="", repr=False)


def handler(
    *, title: str, entity_types: Collection[str] = (), opens_in_browser: bool = False
) -> Callable[[Handler], Handler]:
    """Make a function the handler of its module's kind.

    `title`: what the registry shows. `entity_types`: those it makes sense for (none: all). `opens_in_browser`: its outcome
    needs the person's tab, so that it cannot run in the background.
    """

    def declare(function: Handler) -> Handler:
        function.__declaration__ = Declaration(title, frozenset(entity_types), opens_in_browser)  # type: ignore[attr-defined]
        return function

    return declare


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All kinds by name, broken ones included. Read once a process."""
    found = (_read(info.name) for info in pkgutil.iter_modules(handlers.__path__))
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}


def _read(name: str) -> Kind:
    try:
        return _kind(importlib.import_module(f"{handlers.__name__}.{name}"))
    except Exception:  # noqa: BLE001 - a broken file of a studio must not take the bridge down
        return Kind(name, title=name, error=traceback.format_exc(limit=-3))


def _kind(module: ModuleType) -> Kind:
    name = module.__name__.rpartition(".")[2]
    function = next(f for f in vars(module).values() if hasattr(f, "__declaration__"))
    declaration: Declaration = function.__declaration__
    options = options_class(function)
    return Kind(
        name,
        declaration.title,
        inspect.getdoc(module) or "",
        declaration.entity_types,
        declaration.opens_in_browser,
        function,
        getattr(module, "preview", None),
        getattr(module, "wrong", None),
        options,
        fields_of_class(options) if options else (),
        fields_of_function(function),
    )
