"""The door for Jet Admin: its messages at `/api/messages/`, its probe at `/api/`.

A file of the studio's KINDS_FOLDER can answer messages of its own, as Jet's guide does:

    from actions.jet import add_message_handler

    def execute_action(name, params):
        ...
        return {"result": True}

    add_message_handler("execute_action", execute_action)
"""

from __future__ import annotations

from actions.jet.handlers import add_message_handler

__all__ = ["add_message_handler"]
