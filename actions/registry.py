"""The kinds: every module that has a handler is one, and its name is the kind's name."""

from __future__ import annotations

import importlib
import inspect
import keyword
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from types import ModuleType
from typing import Any

from actions.contract import MoreOptions, Outcome, Plan
from actions.farms.contract import Farm
from actions.jet import handlers as messages
from actions.kinds import folder
from actions.kinds.hints import FieldSpec, UnknownHint, fields_of_class, fields_of_function, options_class
from actions.kinds.sources import Source, sources
from actions.quality import forget, has_checks

Handler = Callable[..., Outcome]
Previewer = Callable[..., Plan]
Checker = Callable[[Any, Mapping[str, Any]], Iterable[str]]
Finder = Callable[[Mapping[str, Any], Mapping[str, Any]], MoreOptions]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `@handler(...)` says of a kind."""

    title: str
    entity_types: frozenset[str] = frozenset()
    opens_in_browser: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of action. `error` instead of `run` when its file is broken.

    `origin`: empty for the bridge's own, else the package that it came with, or `folder`.
    """

    name: str
    title: str
    description: str = ""
    entity_types: frozenset[str] = frozenset()
    opens_in_browser: bool = False
    run: Handler | None = None
    preview: Previewer | None = None
    wrong: Checker | None = None
    """Sentences about options that the bridge's settings do not allow: asked when an action is saved."""
    off: Callable[[Mapping[str, Any]], str] | None = None
    """Why the bridge's settings let no action of this kind run, whatever its options; empty when they do."""
    options_class: type[Any] | None = None
    options: tuple[FieldSpec, ...] = ()
    parameters: tuple[FieldSpec, ...] = ()
    error: str = field(default="", repr=False)
    origin: str = ""
    file: str = ""
    only_in_browser: Callable[[Any], str] | None = None
    """Why actions with these options need the person's tab, where that depends on them; empty when they do not."""
    farm: Callable[..., Farm] | None = None
    """`farm(options, desk)`: the way back to a render farm that this kind sends jobs to."""
    more_options: Finder | None = None
    """`more_options(values, settings)`: fields that its form has besides, such as those of a farm's job type."""

    @property
    def complaint(self) -> str:
        """The last line of the error: what is wrong, without where."""
        return self.error.strip().splitlines()[-1] if self.error.strip() else ""


class NoKind(Exception):
    """A module that cannot be a kind, and why, for whoever wrote it."""


def handler(
    *, title: str, entity_types: Collection[str] = (), opens_in_browser: bool = False
) -> Callable[[Handler], Handler]:
    """Make a function the handler of its module's kind.

    `title`: what the registry shows. `entity_types`: those it makes sense for (none: all). `opens_in_browser`: its outcome
    needs the person's tab, so that it cannot run in the background.
    """

    if not isinstance(title, str) or isinstance(entity_types, str):
        raise TypeError('Write it as @handler(title="...", entity_types={"shot"}).')

    def declare(function: Handler) -> Handler:
        function.__declaration__ = Declaration(title, frozenset(entity_types), opens_in_browser)  # type: ignore[attr-defined]
        return function

    return declare


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All kinds by name, broken ones included. Read once a process; `kinds.cache_clear()` reads them again."""
    found: dict[str, Kind] = {}
    with _reading:
        forget(folder.PACKAGE)
        messages.forget(folder.PACKAGE)
        for source in sources():
            kind = _refused(source, found[source.name]) if source.name in found else _read(source)
            if kind is not None:
                found[kind.name] = kind
    return dict(sorted(found.items()))


_reading = Lock()

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


def wrong_name(name: str) -> str:
    """Why a kind cannot have this name, in words; empty when it can."""
    if NAME.match(name) and not keyword.iskeyword(name):
        return ""
    return f"{name!r} cannot be the name of a kind: write small letters, digits and underscores, such as to_editorial."


def _refused(source: Source, first: Kind) -> Kind:
    """A second one of a name does not count; it stands in lists beside the first, with the reason."""
    whose = f"of the {first.origin}" if first.origin else "of the bridge itself"
    text = f"There is a kind {source.name!r} {whose} already. Rename this one."
    return Kind(f"{source.name} ({source.origin})", source.name, error=text, origin=source.origin, file=source.file)


def _read(source: Source) -> Kind | None:
    """The kind of a module; None for one that holds quality checks or handlers of messages, and no kind."""
    try:
        if wrong := wrong_name(source.name):
            raise NoKind(wrong)
        module = importlib.import_module(source.module)
        if (has_checks(module) or messages.has_handlers(module)) and not _marked(module):
            return None
        kind = kind_of(source.name, module)
    except (NoKind, UnknownHint) as error:
        kind = Kind(source.name, title=source.name, error=str(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a broken file of a studio must not take the bridge down
        kind = Kind(source.name, title=source.name, error=_where_and_what(error))
    return replace(kind, origin=source.origin, file=source.file)


def _where_and_what(error: BaseException) -> str:
    """A traceback without our own steps and Python's on the way to the file."""
    ours = ("<frozen importlib", importlib.__file__, __file__, folder.__file__)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(ours)]
    return "".join([*traceback.format_list(frames[-5:]), *traceback.format_exception_only(error)])


def kind_of(name: str, module: ModuleType) -> Kind:
    """What a module says of itself. Raises `NoKind` or `UnknownHint` for one that cannot be a kind."""
    function = _handler_of(module)
    declaration: Declaration = function.__declaration__  # type: ignore[attr-defined]
    _demand_functions(module, function)
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
        getattr(module, "off", None),
        options,
        fields_of_class(options) if options else (),
        fields_of_function(function),
        only_in_browser=getattr(module, "only_in_browser", None),
        farm=getattr(module, "farm", None),
        more_options=getattr(module, "more_options", None),
    )


def _handler_of(module: ModuleType) -> Handler:
    """The one function of the module that is marked."""
    marked = _marked(module)
    if not marked:
        raise NoKind("It has no handler: mark its function with @handler(title=...).")
    if len(marked) > 1:
        names = " and ".join(f"`{one.__name__}`" for one in marked)
        raise NoKind(f"It has several handlers, {names}. A kind is one file with one handler: make it several files.")
    return _callable(marked[0])


def _marked(module: ModuleType) -> list[Handler]:
    """Its functions with @handler; one that it imports from elsewhere does not count."""
    return [
        one
        for one in vars(module).values()
        if isinstance(getattr(one, "__declaration__", None), Declaration) and one.__module__ == module.__name__
    ]


def _demand_functions(module: ModuleType, run: Handler) -> None:
    """What the bridge calls besides the handler must be callable, `preview` with the handler's own arguments."""
    for name in ("preview", "wrong", "only_in_browser", "more_options"):
        if not callable(getattr(module, name, len)):
            raise NoKind(f"`{name}` is no function, and the bridge would call it.")
    if hasattr(module, "preview") and (differ := _differing(run, module.preview)):
        names = ", ".join(f"`{name}`" for name in sorted(differ))
        raise NoKind(f"`preview` is called with the arguments of `{run.__name__}`; they differ in {names}.")


def _differing(run: Handler, preview: Previewer) -> set[str]:
    """Names of arguments that only one of them takes; a `**rest` takes all."""
    wanted, given = inspect.signature(run).parameters, inspect.signature(preview).parameters
    named = {name for name, one in given.items() if one.kind is not one.VAR_KEYWORD}
    return named - set(wanted) if len(named) < len(given) else named ^ set(wanted)


def _callable(function: Handler) -> Handler:
    """Refuses what the worker could not call: it gives `call`, then `options`, and the rest by name."""
    if inspect.iscoroutinefunction(function):
        raise NoKind(f"`{function.__name__}` is an async function; write it with def alone.")
    given = [p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    if given not in (["call"], ["call", "options"]):
        raise NoKind(
            f"`{function.__name__}({', '.join(given)})` cannot be called: write (call), (call, options) or "
            "(call, options, *, ...); what the person is asked stands after the star."
        )
    return function
