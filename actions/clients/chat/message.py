"""One message about many tasks: as many of them as the service takes, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.clients.chat.rooms import Body, Service


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with the address of its page; where it has none, the name alone."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A text, the first `entries` of so many in `total`, and a link at the end."""

    text: str
    entries: Sequence[Entry] = ()
    total: int = 0
    link: Entry | None = None


def fitted(service: Service, message: Message) -> Body:
    """The service's body: entries are left out from the end until it fits, then the text is cut."""
    for count in range(len(message.entries), -1, -1):
        body = service.body(_lines(service, message, message.text, count))
        if service.size(body) <= service.longest:
            return body
    text = message.text
    while text:
        text = text[: len(text) * 9 // 10]
        body = service.body(_lines(service, message, f"{text}…", 0))
        if service.size(body) <= service.longest:
            break
    return body


def _lines(service: Service, message: Message, text: str, count: int) -> list[str]:
    lines = [*service.plain(text).splitlines(), *(f"• {_linked(service, one)}" for one in message.entries[:count])]
    if rest := message.total - count:
        lines.append(f"and {rest:,} more" if count else f"{rest:,} task{'' if rest == 1 else 's'}")
    if message.link:
        lines.append(_linked(service, message.link))
    return lines


def _linked(service: Service, entry: Entry) -> str:
    return service.link(entry.name, entry.url) if entry.url else service.plain(" ".join(entry.name.split()))
