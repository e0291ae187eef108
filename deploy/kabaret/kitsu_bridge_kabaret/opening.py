"""What a session of Kabaret does when it is asked to show an oid, and what it answers. Knows Kabaret by its session only."""

from __future__ import annotations

import json
from typing import Any

LARGEST = 10_000
VIEWS = ("current", "new")


class Unknown(Exception):
    """There is nothing to show; the text is for the person who asked."""


def request_in(data: Any, user: str) -> dict[str, str] | None:
    """A request to this user's session; nothing for another user's, and for what is none."""
    if isinstance(data, bytes):
        data = data.decode("utf-8", "replace")
    if not isinstance(data, str) or len(data) > LARGEST:
        return None
    try:
        asked = json.loads(data)
    except (ValueError, RecursionError):
        return None
    names = ("oid", "user", "view", "request")
    if not isinstance(asked, dict) or not all(isinstance(asked.get(name), str) for name in names):
        return None
    return {name: asked[name] for name in names} if asked["user"].casefold() == user.casefold() else None


def answer_to(asked: dict[str, str], session: Any) -> dict[str, Any]:
    """Show what was asked for, and the words in which the bridge is told."""
    said = {"request": asked["request"], "session": session.session_uid()}
    try:
        return {**said, "ok": True, "oid": show(session, asked["oid"], asked["view"])}
    except Unknown as error:
        return {**said, "ok": False, "reason": str(error)}
    except Exception as error:  # noqa: BLE001 - a studio's own flow may raise anything, and the person waits for an answer
        return {**said, "ok": False, "reason": f"It broke down: {type(error).__name__}."}


def show(session: Any, oid: str, view: str) -> str:
    """Show an oid, or what it is the task of where there is no such task; the oid that shows."""
    found = next((one for one in candidates(oid) if exists(session, one)), None)
    if found is None:
        raise Unknown(f"There is no {oid[:200]} in this project.")
    shown = session.find_view("Flow") if view != "new" else None
    if shown is None:
        session.add_view("Flow", oid=found)
    else:
        shown.goto_request(found)
        shown.ensure_visible()
    return found


def candidates(oid: str) -> list[str]:
    """The oid itself, and for a task what it is a task of."""
    names = oid.split("/")
    if len(names) < 2 or names[0] or any(name.strip() in ("", ".", "..") for name in names[1:]):
        raise Unknown("That is no oid.")
    return [oid, "/".join(names[:-2])] if len(names) > 4 and names[-2] == "tasks" else [oid]


def exists(session: Any, oid: str) -> bool:
    """Whether Kabaret has it: going to what it has not breaks the view (kabaret 2.4.1)."""
    try:
        return bool(session.cmds.Flow.exists(oid))
    except KeyError:
        raise Unknown(f"There is no project {oid.split('/')[1][:100]} in Kabaret.") from None
    except (IndexError, AttributeError):
        return False
