#!/usr/bin/env python3
"""Start a program on this computer that the studio's Kitsu Bridge asks for, and tell the bridge what became of it.

The system calls it with one argument, the link that a person clicked: kitsu-bridge://run?server=...&ticket=...
The link holds no command. This program fetches one from a server of its own settings, with the ticket, which works once; and
it starts nothing but what its own settings name. See README.md beside it for the settings, and how it is installed.

Needs Python 3.8 or later and nothing else.
"""

from __future__ import annotations

import configparser
import html
import json
import os
import platform
import queue
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "1"
TITLE = "Kitsu Bridge"
SYSTEM = {"Windows": "windows", "Darwin": "macos"}.get(platform.system(), "linux")

LONGEST_LINK = 2100
LARGEST_ANSWER = 2 * 1024 * 1024
LARGEST_LOG, LARGEST_PIECE = 500_000, 40_000
TIMEOUT = 15
FLUSH_EVERY, ALIVE_EVERY = 2.0, 30.0

TICKET = re.compile(r"[A-Za-z0-9_-]{20,200}\Z")
APPLICATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\/]|//[^/]")
NUMBERED = re.compile(r"#|@|%0?\d*d|\$F")


class Trouble(Exception):
    """Something that the person, or the studio's IT, can act on: the text is shown as it is."""


class Refused(Trouble):
    """The bridge says no, and will say so again."""


class Application(NamedTuple):
    """A program of the settings: its command line, which arguments a ticket may add, and from which folders it opens files."""

    command: list[str]
    arguments: list[str]
    folders: list[str]
    environment: dict[str, str]


class Settings(NamedTuple):
    """What this computer allows."""

    servers: list[str]
    certificates: str
    applications: dict[str, Application]


# Settings


def folders() -> tuple[Path, Path]:
    """Where the settings of this computer and those of this person are; the person's count."""
    home = Path.home()
    if SYSTEM == "windows":
        everybody, own = os.environ.get("PROGRAMDATA", r"C:\ProgramData"), os.environ.get("APPDATA", str(home))
    elif SYSTEM == "macos":
        everybody, own = "/Library/Application Support", str(home / "Library/Application Support")
    else:
        everybody, own = "/etc", os.environ.get("XDG_CONFIG_HOME") or str(home / ".config")
    return Path(everybody, "kitsu-bridge"), Path(own, "kitsu-bridge")


def read_settings() -> Settings:
    """Both files; raises Trouble when there is none, or one cannot be read."""
    paths = [folder / "launcher.ini" for folder in folders()]
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    try:
        if not parser.read(paths, encoding="utf-8-sig"):
            raise Trouble(
                "This computer has no settings for the launcher. It looks for them at {} and {}.".format(*paths)
            )
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Trouble(f"The settings of the launcher cannot be read: {error}") from None
    bridge = parser["bridge"] if parser.has_section("bridge") else {}
    found = {name[12:]: application_of(parser[name]) for name in parser.sections() if name.startswith("application.")}
    return Settings(
        [normal(one) for one in re.split(r"[\s,]+", bridge.get("servers", "")) if one],
        bridge.get("certificates", ""),
        found,
    )


def application_of(section: configparser.SectionProxy) -> Application:
    """One section: a value of several lines has one item a line, so that nothing needs quotes."""
    pairs = (line.partition("=") for line in lines_of(section, "environment"))
    return Application(
        lines_of(section, "command"),
        lines_of(section, "arguments"),
        lines_of(section, "folders"),
        {name.strip(): value.strip() for name, _, value in pairs},
    )


def lines_of(section: configparser.SectionProxy, name: str) -> list[str]:
    """The lines of a value, without empty ones."""
    return [line.strip() for line in section.get(name, "").splitlines() if line.strip()]


def normal(server: str) -> str:
    """A server's address in one spelling; raises Trouble for what is none."""
    try:
        parts = urlsplit(server.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Trouble(f"“{server[:100]}” is no address of a bridge.") from None
    if not host or parts.scheme.lower() not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise Trouble(f"“{server[:100]}” is no address of a bridge.")
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme.lower()}://{place}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


# The link and the ticket


def read_link(link: str, settings: Settings) -> tuple[str, str]:
    """Server and ticket of a link; raises Trouble for any other link, and for a server that the settings do not name."""
    if len(link) > LONGEST_LINK or CONTROL.search(link):
        raise Trouble("This link is damaged. Open it again from the page.")
    try:
        parts = urlsplit(link)
        said = parse_qsl(parts.query, strict_parsing=True, keep_blank_values=True)
    except ValueError:
        raise Trouble("This link cannot be read. Open it again from the page.") from None
    place = (parts.scheme.lower(), parts.netloc.lower(), parts.path.strip("/"), parts.fragment)
    if place != ("kitsu-bridge", "run", "", "") or sorted(name for name, _ in said) != ["server", "ticket"]:
        raise Trouble("This is no link of the Kitsu Bridge's.")
    server, ticket = normal(dict(said)["server"]), dict(said)["ticket"]
    if server not in settings.servers:
        raise Trouble(f"The settings of this computer do not name the server {server}. Nothing was asked of it.")
    if not TICKET.match(ticket):
        raise Trouble("This link holds no ticket. Open it again from the page.")
    return server, ticket


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A ticket goes to the server of the settings, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


class Bridge:
    """The server of the link."""

    def __init__(self, server: str, settings: Settings) -> None:
        self._server = server
        context = ssl.create_default_context(cafile=settings.certificates or None)
        self._opener = urllib.request.build_opener(NoRedirects, urllib.request.HTTPSHandler(context=context))

    def say(self, path: str, **words: Any) -> dict[str, Any]:
        """Send JSON and read the answer; raises Trouble in the bridge's own words where it refuses."""
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            f"{self._server}/{path}",
            json.dumps(words, ensure_ascii=False).encode("utf-8", "replace"),
            {
                "Content-Type": "application/json",
                "Accept": "application/json",
                "User-Agent": f"kitsu-bridge-launcher/{VERSION}",
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return as_object(answer.read(LARGEST_ANSWER + 1))
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(refusal_in(error.read(LARGEST_ANSWER), error.code)) from None
        except (OSError, ValueError) as error:
            raise Trouble(
                f"The bridge at {self._server} cannot be reached: {getattr(error, 'reason', error)}"
            ) from None


def as_object(body: bytes) -> dict[str, Any]:
    """JSON with names; raises ValueError for anything else."""
    try:
        found = json.loads(body.decode("utf-8")) if len(body) <= LARGEST_ANSWER else None
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("it answers something that is not understood")
    return found


def refusal_in(body: bytes, status: int) -> str:
    """A problem (RFC 9457) as sentences."""
    try:
        said = as_object(body)
    except ValueError:
        said = {}
    words = [str(said.get(name, "")).strip() for name in ("title", "detail", "cure")]
    return (
        ". ".join(word.rstrip(".") for word in words if word)[:600] + "."
        if any(words)
        else f"The bridge answers {status}."
    )


# What is started


def command_of(content: Any, settings: Settings) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment for a ticket's content; raises Trouble for what the settings do not allow."""
    if not isinstance(content, dict):
        raise Trouble("The bridge answers something that is not understood. The launcher may be too old.")
    name = content.get("application")
    if not isinstance(name, str) or not APPLICATION.match(name) or name not in settings.applications:
        known = ", ".join(sorted(settings.applications)) or "none"
        raise Trouble(f"The settings of this computer do not name the program “{str(name)[:40]}”. They name: {known}.")
    application = settings.applications[name]
    arguments = [allowed(one, application, name) for one in texts_in(content.get("arguments", []))]
    files = [openable(one, application, name) for one in files_in(content.get("files", {}))]
    return filled(application, name, arguments, files), {**os.environ, **application.environment}


def texts_in(found: Any) -> list[str]:
    """A list of texts without control characters; raises Trouble for anything else."""
    if not isinstance(found, list) or not all(isinstance(one, str) and not CONTROL.search(one) for one in found):
        raise Trouble("The ticket holds something that is no text. Nothing was started.")
    return found


def files_in(found: Any) -> list[str]:
    """The files as this system has them."""
    if not isinstance(found, dict):
        raise Trouble("The ticket's files cannot be read. Nothing was started.")
    if found and SYSTEM not in found and "" not in found:
        raise Trouble(f"This computer runs {platform.system()}, and these files are on a storage that it has not.")
    return texts_in(found.get(SYSTEM, found.get("", [])))


def allowed(argument: str, application: Application, name: str) -> str:
    """The argument, if a line of the settings allows it; a `*` there stands for anything."""
    for line in application.arguments:
        if re.fullmatch(".*".join(re.escape(part) for part in line.split("*")), argument, re.DOTALL):
            return argument
    raise Trouble(f"The settings of this computer do not allow {name} the argument “{argument[:80]}”.")


def openable(file: str, application: Application, name: str) -> str:
    """The file, if it is an absolute path within the folders of the settings, and there."""
    absolute = OF_WINDOWS.match(file) if SYSTEM == "windows" else file.startswith("/")
    if not absolute or ".." in re.split(r"[\\/]", file):
        raise Trouble(f"“{file[:200]}” is no absolute path. Nothing was started.")
    if application.folders and not any(within(file, folder) for folder in application.folders):
        raise Trouble(f"The settings of this computer let {name} open nothing at {file[:200]}")
    there = os.path.dirname(file) if NUMBERED.search(os.path.basename(file)) else file
    if not os.path.exists(there):
        raise Trouble(f"There is nothing at {there[:300]} on this computer. Is the storage connected?")
    return file


def within(file: str, folder: str) -> bool:
    """Whether a path is in a folder or below it."""
    path, place = (os.path.normcase(os.path.normpath(one)) for one in (file, os.path.expanduser(folder)))
    return path == place or path.startswith(place.rstrip(os.sep) + os.sep)


def filled(application: Application, name: str, arguments: list[str], files: list[str]) -> list[str]:
    """The command line: lines `{arguments}` and `{files}` of the settings are replaced, else both stand at the end."""
    if not application.command:
        raise Trouble(f"The settings of this computer give no command for {name}.")
    first, *rest = [os.path.expandvars(os.path.expanduser(line)) for line in application.command]
    program = shutil.which(first)
    if program is None:
        raise Trouble(f"{name} is not installed at {first}, where the settings of this computer say.")
    if SYSTEM == "windows" and program.lower().endswith((".bat", ".cmd")):
        raise Trouble(
            f"{program} runs in a shell, in which a file's name could run commands. Name an .exe in the settings."
        )
    places = {"{arguments}": arguments, "{files}": files}
    rest += [place for place in places if place not in rest]
    return [program] + [word for line in rest for word in places.get(line, [line])]


# What became of it


class Report:
    """Tells the bridge; where it does not hear, what is started goes on all the same."""

    def __init__(self, bridge: Bridge, key: str) -> None:
        self._bridge, self._key = bridge, key

    def say(self, what: str, tries: int = 1, **words: Any) -> None:
        """One word, again and again where it matters."""
        for number in range(tries):
            try:
                self._bridge.say("tickets/report/", report=self._key, what=what, **words)
                return
            except Trouble as trouble:
                write_down(f"“{what}” was not reported: {trouble}")
                if isinstance(trouble, Refused):
                    return
                time.sleep(number)


def watch(process: subprocess.Popen[bytes], report: Report) -> int:
    """Send what the program writes, until it ends; its exit code."""
    written: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=listen, args=(process, written), daemon=True)
    reader.start()
    room, last, code = LARGEST_LOG, time.monotonic(), None
    while code is None:
        code = waited(process)
        if code is not None:
            reader.join(1)  # What it wrote last may still be on its way; a child of its own may hold the pipe for ever.
        text = taken_from(written)[:room]
        if text or time.monotonic() - last > ALIVE_EVERY:
            send(report, text)
            room, last = room - len(text), time.monotonic()
    return code


def waited(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code, or None when the program still runs after a while."""
    try:
        return process.wait(FLUSH_EVERY)
    except subprocess.TimeoutExpired:
        return None


def send(report: Report, text: str) -> None:
    """In pieces that the bridge takes; without text, a sign of life."""
    for start in range(0, max(1, len(text)), LARGEST_PIECE):
        report.say("log", text=text[start : start + LARGEST_PIECE])


def listen(process: subprocess.Popen[bytes], written: queue.Queue[str]) -> None:
    """Read what the program writes as it comes."""
    output = process.stdout
    assert output is not None
    for line in iter(lambda: output.readline(8192), b""):
        written.put(line.decode("utf-8", "replace").replace("\x00", ""))


def taken_from(written: queue.Queue[str]) -> str:
    """Everything that was written since."""
    found: list[str] = []
    while not written.empty():
        found.append(written.get())
    return "".join(found)


# Telling the person


def tell(text: str) -> None:
    """A message in a window where there is one, and in the log in any case."""
    write_down(text)
    if sys.stderr is not None:
        print(f"{TITLE}: {text}", file=sys.stderr)
    for way in WAYS[SYSTEM]:
        try:
            if way(text):
                return
        except Exception as error:  # noqa: BLE001 - whatever a desktop lacks, there is a next way
            write_down(f"{getattr(way, '__name__', way)}: {error}")


def by_windows(text: str) -> bool:
    """A message box of Windows."""
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, TITLE, 0x10)  # type: ignore[attr-defined]
    return True


def by_osascript(text: str) -> bool:
    """An alert of macOS; the text is an argument, not a part of the script."""
    script = ["on run argv", "display alert (item 1 of argv) message (item 2 of argv)", "end run"]
    return ran("osascript", *[word for line in script for word in ("-e", line)], TITLE, text)


def by_zenity(text: str) -> bool:
    """A window of GNOME's."""
    return ran("zenity", "--error", "--no-markup", "--width=420", f"--title={TITLE}", f"--text={text}")


def by_kdialog(text: str) -> bool:
    """A window of KDE's."""
    return ran("kdialog", "--title", TITLE, "--error", html.escape(text))


def by_tkinter(text: str) -> bool:
    """A window of Python's own."""
    import tkinter
    from tkinter import messagebox

    root = tkinter.Tk()
    root.withdraw()
    messagebox.showerror(TITLE, text)
    root.destroy()
    return True


def by_notify(text: str) -> bool:
    """A notification, which goes by itself."""
    return ran("notify-send", "--urgency=critical", "--", TITLE, html.escape(text))


def ran(*command: str) -> bool:
    """Whether this program is here and did its work."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, timeout=300, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode in (
        0,
        1,
    )


WAYS: dict[str, tuple[Callable[[str], bool], ...]] = {
    "windows": (by_windows,),
    "macos": (by_osascript,),
    "linux": (by_zenity, by_kdialog, by_tkinter, by_notify)
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    else (),
}


def write_down(text: str) -> None:
    """A line in launcher.log beside the person's settings, for the studio's IT; never a ticket."""
    path = folders()[1] / "launcher.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if path.exists() and path.stat().st_size > 1_000_000 else "a"
        with path.open(mode, encoding="utf-8", errors="replace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")
    except OSError:
        return


def main(arguments: list[str]) -> int:
    """Do what the one argument says; 0 when a program was started, whatever became of it."""
    try:
        if len(arguments) != 1:
            raise Trouble("The launcher takes one argument: a link that begins with kitsu-bridge:")
        settings = read_settings()
        server, ticket = read_link(arguments[0], settings)
        bridge = Bridge(server, settings)
        taken = bridge.say("tickets/take/", ticket=ticket, host=platform.node()[:120], launcher=VERSION, system=SYSTEM)
        run(taken.get("content"), settings, Report(bridge, str(taken.get("report", ""))))
    except Trouble as trouble:
        tell(str(trouble))
        return 1
    except Exception:  # noqa: BLE001 - nobody sees a traceback of what a browser started
        write_down(traceback.format_exc())
        tell(f"The launcher broke down. Show your studio's IT the end of {folders()[1] / 'launcher.log'}.")
        return 1
    return 0


def run(content: Any, settings: Settings, report: Report) -> None:
    """Start it and stay until it ends; what stands against that is told to the bridge too."""
    try:
        command, environment = command_of(content, settings)
        process = start(command, environment)
    except Trouble as trouble:
        report.say("failed", tries=3, reason=str(trouble))
        raise
    write_down(f"Started {command[0]} with {len(command) - 1} arguments")
    report.say("started", tries=3)
    code = watch(process, report)
    report.say("finished", tries=5, exit_code=code)
    write_down(f"{command[0]} ended with exit code {code}")


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Never through a shell: each word arrives as it is."""
    own: dict[str, Any] = {"creationflags": 0x08000000} if SYSTEM == "windows" else {"start_new_session": True}
    try:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **own
        )
    except (OSError, ValueError) as error:
        raise Trouble(f"{command[0]} cannot be started: {getattr(error, 'strerror', None) or error}") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
