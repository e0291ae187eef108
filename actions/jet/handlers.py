"""The studio's own answers to messages, by the message's name.

A handler is called with the name and the params, as Jet's guide has it; one with a third argument gets who asks besides, and
can run actions of the bridge with it. It raises Django's `ValidationError` (400) and `PermissionDenied` (403).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

Handler = Callable[..., Any]


def add_message_handler(name: str, handler: Handler) -> Handler:
    """Answer messages of this name with a function; of two for one name the later counts.

    For `get_action_list` its list stands behind the bridge's own; for `execute_action` it is asked for actions that the
    bridge does not have.
    """
    if not name or not isinstance(name, str) or not callable(handler):
        raise TypeError('Write it as add_message_handler("execute_action", execute_action).')
    _table[name] = handler
    return handler


def handler_of(name: str) -> Handler | None:
    """The studio's handler, if there is one."""
    return _table.get(name)


def call(handler: Handler, name: str, params: Any, asking: object) -> Any:
    """Call a handler with as much as it takes."""
    takes = [one for one in inspect.signature(handler).parameters.values() if one.kind is not one.KEYWORD_ONLY]
    return handler(name, params, asking) if len(takes) > 2 else handler(name, params)


def has_handlers(module: ModuleType) -> bool:
    """Whether functions of this module answer messages."""
    return any(handler.__module__ == module.__name__ for handler in list(_table.values()))


def forget(package: str) -> None:
    """Take out the handlers of a package's modules, before they are read again: some may be gone."""
    for name in [name for name, one in list(_table.items()) if one.__module__.startswith(f"{package}.")]:
        del _table[name]


_table: dict[str, Handler] = {}
