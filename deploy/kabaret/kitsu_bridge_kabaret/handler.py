"""Open a kabaret: link: in the Kabaret that this user has running, else in one that is started for it.

The system calls it with one argument, the link that a person clicked: kabaret://STUDIO/film/sequences/sq01?view=new
It holds no command. What is started stands in the settings of this computer alone; see the README.
"""

from __future__ import annotations

import configparser
import getpass
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from kitsu_bridge_kabaret.opening import Unknown, candidates

LONGEST = 2100
WAIT = 3.0
TITLE = "Kitsu Bridge for Kabaret"


class Trouble(Exception):
    """Something that the person, or the studio's IT, can act on: the text is shown as it is."""


def main(arguments: list[str]) -> int:
    """Open one link; 0 when it shows, or Kabaret was started for it."""
    try:
        if len(arguments) != 1:
            raise Trouble("The handler takes one argument: a link that begins with kabaret:")
        cluster, oid, view = read_link(arguments[0])
        settings = settings_of(cluster)
        if not ask(settings, cluster, oid, view):
            start(settings, oid)
    except Trouble as trouble:
        tell(str(trouble))
        return 1
    return 0


def read_link(link: str) -> tuple[str, str, str]:
    """Cluster, oid and view of a link; raises Trouble for any other link."""
    try:
        parts = urlsplit(link)
        oid = unquote(parts.path, errors="strict")
        candidates(oid)
    except (ValueError, Unknown):
        raise Trouble("This link leads to nothing in Kabaret. Open it again from the page.") from None
    strange = parts.query not in ("", "view=new", "view=current") or parts.fragment or not parts.netloc
    if parts.scheme.lower() != "kabaret" or strange or len(link) > LONGEST or not oid.isprintable():
        raise Trouble("This is no link to Kabaret.")
    return parts.netloc, oid, "new" if parts.query == "view=new" else "current"


def folders() -> tuple[Path, Path]:
    """Where the settings of this computer and those of this person are; the person's count."""
    home = Path.home()
    system = platform.system()
    if system == "Windows":
        everybody, own = os.environ.get("PROGRAMDATA", r"C:\ProgramData"), os.environ.get("APPDATA", str(home))
    elif system == "Darwin":
        everybody, own = "/Library/Application Support", str(home / "Library/Application Support")
    else:
        everybody, own = "/etc", os.environ.get("XDG_CONFIG_HOME") or str(home / ".config")
    return Path(everybody, "kitsu-bridge"), Path(own, "kitsu-bridge")


def settings_of(cluster: str) -> dict[str, str]:
    """What the settings say of a cluster; raises Trouble where they do not name it."""
    paths = [folder / "kabaret.ini" for folder in folders()]
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    try:
        parser.read(paths, encoding="utf-8-sig")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Trouble(f"The settings cannot be read: {error}") from None
    if not parser.has_section(f"cluster.{cluster}"):
        raise Trouble("This computer's settings do not name the cluster {}: {} or {}.".format(cluster[:80], *paths))
    return dict(parser[f"cluster.{cluster}"])


def ask(settings: dict[str, str], cluster: str, oid: str, view: str) -> bool:
    """Whether this user's running Kabaret shows it now; raises Trouble where that says there is nothing."""
    if not settings.get("redis"):
        return False
    import redis

    request = str(uuid4())
    message = {"oid": oid, "user": getpass.getuser(), "view": view, "request": request}
    try:
        with (
            redis.Redis.from_url(settings["redis"], socket_connect_timeout=WAIT, socket_timeout=10) as db,
            db.pubsub() as answers,
        ):
            answers.subscribe(f"{cluster}:kitsu_bridge_ack")
            answers.get_message(timeout=WAIT)  # An answer before the subscription stands is lost.
            if not db.publish(f"{cluster}:kitsu_bridge", json.dumps(message)):
                return False
            return understood(answer_in(answers, request))
    except (redis.RedisError, OSError, ValueError) as error:
        raise Trouble(f"Kabaret's Redis cannot be reached ({type(error).__name__}).") from None


def answer_in(answers: Any, request: str) -> dict[str, Any] | None:
    """The answer to this request, if there is one in time."""
    end = time.monotonic() + WAIT
    while (left := end - time.monotonic()) > 0:
        message = answers.get_message(ignore_subscribe_messages=True, timeout=left)
        try:
            found = json.loads(message["data"]) if message else None
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found.get("request") == request:
            return found
    return None


def understood(answer: dict[str, Any] | None) -> bool:
    """Whether it shows; raises Trouble in the words of the session that refuses."""
    if answer is not None and answer.get("ok") is not True:
        raise Trouble(f"Kabaret: {str(answer.get('reason', 'it refuses'))[:300]}")
    return answer is not None


def start(settings: dict[str, str], oid: str) -> None:
    """Start Kabaret as the settings say, never through a shell; its plugin shows the oid."""
    command = [line.strip() for line in settings.get("command", "").splitlines() if line.strip()]
    if not command:
        raise Trouble("Kabaret is not running, and this computer's settings name no command that starts it.")
    own: dict[str, Any] = (
        {"creationflags": 0x00000008} if platform.system() == "Windows" else {"start_new_session": True}
    )
    try:
        subprocess.Popen(command, env={**os.environ, "KITSU_BRIDGE_OID": oid}, stdin=subprocess.DEVNULL, **own)
    except (OSError, ValueError) as error:
        raise Trouble(f"{command[0]} cannot be started: {getattr(error, 'strerror', None) or error}") from None


def tell(text: str) -> None:
    """In a window where there is a desktop, and on the console."""
    print(text, file=sys.stderr)
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or platform.system() != "Linux"):
        return
    try:
        import tkinter as tk
        from tkinter import messagebox

        window = tk.Tk()
        window.withdraw()
        messagebox.showerror(TITLE, text)
    except Exception:  # noqa: BLE001 - then the console has it
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
