"""Settings from environment variables. A wrong value stops the start with the variable's name and the cure.

A secret may stand in a file instead: `NAME_FILE` holds its path, as container secrets do.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOST_NAME = re.compile(r"(?=.*[a-zA-Z])[a-zA-Z0-9]([a-zA-Z0-9._-]{0,251}[a-zA-Z0-9])?")


class WrongSetting(Exception):
    """An environment variable has a value that the bridge cannot work with."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name} {problem}")


heard: dict[str, str] = {}
"""Every variable that was set and asked for, as it was set; secrets are not among them."""

secrets_heard: set[str] = set()
"""The names of secrets that were asked for."""


def text(name: str, default: str = "", *aliases: str) -> str:
    """The value of `name`, else of its aliases in order, else `default`; surrounding space is dropped."""
    for candidate in (name, *aliases):
        value = os.environ.get(candidate, "").strip()
        if value:
            if candidate not in secrets_heard:
                heard[candidate] = value
            return value
    return default


def secret(name: str, *aliases: str) -> str:
    """Like `text`, or the content of the file that `NAME_FILE` names."""
    secrets_heard.update((name, *aliases))
    for candidate in (name, *aliases):
        value, path = text(candidate), text(f"{candidate}_FILE")
        if value and path:
            raise WrongSetting(candidate, f"and {candidate}_FILE are both set; keep one of them.")
        if value:
            return value
        if path:
            return _content(f"{candidate}_FILE", path)
    return ""


def _content(name: str, path: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise WrongSetting(name, f"names {path}, which cannot be read: {reason}.") from None
    if not content:
        raise WrongSetting(name, f"names {path}, which is empty.")
    return content


def boolean(name: str, default: bool) -> bool:
    """`true` or `false`; anything else is a mistake worth hearing about."""
    value = text(name).lower()
    if value in {"", "true", "false"}:
        return default if not value else value == "true"
    raise WrongSetting(name, f"is {text(name)!r}; write true or false.")


def integer(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number between `least` and `most`."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise WrongSetting(name, f"is {value!r}; write a whole number from {least} to {most}.")
    return int(value)


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list separated with commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def url(name: str, schemes: set[str], *aliases: str) -> str:
    """An absolute URL with one of these schemes, without a trailing slash; empty when unset."""
    value = text(name, "", *aliases)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        good = good and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in value):
        raise WrongSetting(name, f"is not a URL that starts with {' or '.join(sorted(f'{s}://' for s in schemes))}.")
    return value.rstrip("/")


def names_of(host: str) -> list[str]:
    """As what a browser addresses what is bound to this interface; to all of them: by the machine's name."""
    bare = host.strip("[]")
    if bare in {"0.0.0.0", "::"}:  # noqa: S104 - the person's choice
        return [socket.gethostname().lower()]
    return [f"[{bare}]" if ":" in bare else bare]


def origins(name: str) -> list[str]:
    """A list of web origins such as `https://kitsu.studio` or `http://localhost:8080`: no path, no star."""
    found = words(name)
    for origin in found:
        if not _is_origin(origin):
            raise WrongSetting(name, f"contains {origin!r}; write scheme and host only, such as https://kitsu.studio.")
    return [origin.lower() for origin in found]


def paths(name: str) -> list[str]:
    """A list of absolute paths such as `/usr/local/bin/make-dailies`; whether they are there, each machine finds out."""
    found = words(name)
    for path in found:
        if not Path(path).is_absolute() or ".." in Path(path).parts:
            raise WrongSetting(name, f"contains {path!r}; write whole paths such as /usr/local/bin/make-dailies.")
    return found


def hosts(name: str) -> list[str]:
    """A list of host names, addresses and networks such as `192.168.20.0/24`: no scheme, no port, no star."""
    found = words(name)
    for host in found:
        if not (_is_network(host) or HOST_NAME.fullmatch(host)):
            raise WrongSetting(
                name, f"contains {host!r}; write a host such as tracker.lan or a network: 192.168.20.0/24."
            )
    return found


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def networks(name: str, default: tuple[str, ...]) -> list[str]:
    """A list of addresses and networks such as `10.1.0.0/16`: no names, nothing is looked up."""
    found = words(name, default)
    for network in found:
        if not _is_network(network):
            raise WrongSetting(name, f"contains {network!r}; write addresses and networks such as 10.1.0.0/16.")
    return found


def sites(name: str) -> list[str]:
    """A list of hosts such as `tracker.lan`, `http://tracker.lan:8080` or `*.studio.com`: no path."""
    found = words(name)
    for host in found:
        bare = host.rpartition("://")[2].removeprefix("*.")
        if not _is_origin(host if "://" in host and "*" not in host else f"https://{bare}"):
            raise WrongSetting(name, f"contains {host!r}; write a host such as tracker.lan or http://tracker.lan:8080.")
    return [host.lower() for host in found]


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return whole and text.count("/") == 2 and not set(text) & set("*@?# ")


def server(name: str, schemes: tuple[str, ...]) -> str:
    """The URL of a server, which may hold a password and is therefore never repeated; empty when unset."""
    value = secret(name)
    if value and value.partition(":")[0] not in schemes:
        raise WrongSetting(name, f"does not start with one of {', '.join(f'{scheme}:' for scheme in schemes)}.")
    return value


def time_zone(name: str, default: str) -> str:
    """A time zone such as `Europe/Paris`."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongSetting(name, f"is {value!r}, which is no time zone; write one such as Europe/Paris.") from None
    return value


def make_data_dir(folder: Path) -> None:
    """Make the folder of DATA_DIR when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting("DATA_DIR", f"is {folder}, which cannot be made: {error.strerror}.") from None


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, in any letter case."""
    value = text(name, default)
    for known in choices:
        if value.lower() == known.lower():
            return known
    raise WrongSetting(name, f"is {value!r}; write one of {', '.join(choices)}.")


def rate(name: str, default: str) -> str:
    """A rate such as `60/minute`."""
    value = text(name, default)
    number, _, period = value.partition("/")
    if not number.isascii() or not number.isdigit() or int(number) < 1 or period not in {"second", "minute", "hour"}:
        raise WrongSetting(name, f"is {value!r}; write a number and second, minute or hour, such as 60/minute.")
    return value
